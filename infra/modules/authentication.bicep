// App Service Authentication in front of the app. Azure checks a token: who issued it, and for whom; which role may do
// what, the app decides.

@description('Name of the function app.')
param siteName string

@description('Whether every caller but those of /api/health and of the page has to show a token or to have signed in.')
param enabled bool

@description('Tenant of the app registration.')
param tenantId string

@description('Application (client) id of the app registration.')
param clientId string

resource site 'Microsoft.Web/sites@2025-03-01' existing = {
  name: siteName
}

resource authentication 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: enabled
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: enabled
      unauthenticatedClientAction: enabled ? 'Return401' : 'AllowAnonymous'
      excludedPaths: [
        '/api/health'
        // The files of the page hold no data; what they show takes calls with a token or the cookie of a sign-in.
        '/api/ui'
        '/api/ui/*'
      ]
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: enabled
      ? {
          azureActiveDirectory: {
            enabled: true
            registration: {
              clientId: clientId
              // Whoever signs in with a browser. The app's identity vouches for the app: there is no secret, and the
              // setting of this name says which identity.
              clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
              openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'
            }
            validation: {
              allowedAudiences: [
                clientId
                'api://${clientId}'
              ]
            }
          }
        }
      : {}
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
