// The app itself: a Flex Consumption plan, Python, one identity, and not one key among its settings.

@description('Name of the function app. The host tells apps apart by its first 32 letters.')
@minLength(2)
@maxLength(32)
param name string

@description('Name of the plan.')
param planName string

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Name of the identity that the app works with.')
param identityName string

@description('Name of the identity that the package is stored and fetched with.')
param packageIdentityName string

@description('Name of the storage account of the app.')
param storageAccountName string

@description('Container of the deployed package.')
param deploymentsContainer string

@description('Container of the documents and runs.')
param exportsContainer string

@description('Queue of the wake-ups.')
param queueName string

@description('Name of the storage account with the segments.')
param segmentsAccountName string

@description('Container of the segments.')
param segmentsContainer string

@description('Address of the vault with the Klaviyo keys.')
param keyVaultUri string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Resource id of the workspace that gets the logs of the host by Azure\'s own way. Empty: none does.')
param logsGoTo string

@description('Resource id of the subnet that the traffic of the app leaves through. Empty: none.')
param subnetId string

@description('Whether the app can be reached from the internet.')
param isReachable bool

@description('Whether the app is spread over availability zones.')
param zoneRedundant bool

@description('Memory of an instance in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int

@description('How many instances each kind of function may grow to.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('Whether the app may write keys into the vault; GET /me says so.')
param allowKeyEntry bool

@description('When the tick looks for work.')
param tickSchedule string

@description('After how many seconds a leg pauses.')
param legBudgetSeconds int

@description('How many requests to Klaviyo may be under way at once.')
param requestsInFlight int

@description('How long a run waits for the ends of its import jobs, in hours.')
param settleLimitHours int

@description('How late a missed run may still start, in hours.')
param maxLatenessHours int

@description('How long nothing must have been written to a dated folder before it is read, in minutes.')
param quietMinutes int

@description('When exports run whose schedule is "refresh": a cron expression of five fields. Empty for never.')
param refreshSchedule string

@description('The time zone of refreshSchedule, such as Europe/Kyiv.')
param refreshTimeZone string

@description('How the names of the secrets with Klaviyo keys begin. The app reads and writes no other secret of the vault.')
#disable-next-line secure-secrets-in-params // how names begin is no secret
param secretsPrefix string

@description('How long runs and their rejections are kept after their end, in days.')
param retentionDays int

@description('Who checks the callers of the API.')
@allowed([
  'keys'
  'entra'
])
param authMode string

@description('Tenant of the app registration.')
param entraTenantId string

@description('Application (client) id of the app registration.')
param entraClientId string

@description('Whether the host of the app is to refuse all calls of its /admin.')
param adminIsolation bool

@description('Where the package of the app lies. Empty: it is sent afterwards.')
param packageUri string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource packageIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: packageIdentityName
}

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageAccountName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azure.yaml calls its service by this name.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
      '${packageIdentity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: isReachable ? 'Enabled' : 'Disabled'
    // All of it: to storage and the vault, and to Klaviyo.
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    // Takes away /admin, which a master key opens. No published type knows it, and Azure does not support it yet.
    #disable-next-line BCP037
    functionsRuntimeAdminIsolationEnabled: adminIsolation
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${deploymentsContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: packageIdentity.id
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        // Python begins with 1: the files of the page, asked for at once, would start an instance each.
        triggers: {
          http: {
            perInstanceConcurrency: 16
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      cors: {
        allowedOrigins: []
      }
    }
  }
}

// Apart from the site, so that App Service Authentication can be turned on before AUTH_MODE says that it is there.
resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: site
  name: 'appsettings'
  properties: {
    // The host's own storage, with the identity instead of a connection string.
    AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
    AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
    AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identity.properties.clientId
    // No landing page at the root: it would say what runs here.
    AzureWebJobsDisableHomepage: 'true'
    // Which identity the Azure libraries take, and that they try nothing else.
    AZURE_CLIENT_ID: identity.properties.clientId
    AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
    // Which identity vouches for the app where App Service Authentication signs people in.
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identity.properties.clientId
    // Where the host sends logs and metrics. This address authorizes nobody: the component takes no key.
    APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    OTEL_SERVICE_NAME: name
    // Every log of a burst is kept. Without these two the host keeps a few a second; a word that its exporter does not
    // know, such as always_on, changes nothing.
    OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage'
    OTEL_TRACES_SAMPLER_ARG: '1.0'
    // Metrics that no query asks for.
    OTEL_DOTNET_AZURE_MONITOR_ENABLE_RESOURCE_METRICS: 'false'
    // What shared/settings.py reads.
    SEGMENTS_STORAGE: 'SEGMENTS_ACCOUNT'
    SEGMENTS_ACCOUNT__blobServiceUri: 'https://${segmentsAccountName}.blob.${environment().suffixes.storage}'
    SEGMENTS_ACCOUNT__clientId: identity.properties.clientId
    SEGMENTS_CONTAINER: segmentsContainer
    EXPORTS_CONTAINER: exportsContainer
    QUEUE_NAME: queueName
    KEY_VAULT_URL: keyVaultUri
    SECRETS_PREFIX: secretsPrefix
    TICK_SCHEDULE: tickSchedule
    LEG_BUDGET_SECONDS: string(legBudgetSeconds)
    REQUESTS_IN_FLIGHT: string(requestsInFlight)
    SETTLE_LIMIT_HOURS: string(settleLimitHours)
    MAX_LATENESS_HOURS: string(maxLatenessHours)
    QUIET_MINUTES: string(quietMinutes)
    REFRESH_SCHEDULE: refreshSchedule
    REFRESH_TIME_ZONE: refreshTimeZone
    RUN_RETENTION_DAYS: string(retentionDays)
    ALLOW_KEY_ENTRY: string(allowKeyEntry)
    AUTH_MODE: authMode
    // Azure does not say on every plan that authentication is on; this is written after it was turned on.
    APP_SERVICE_AUTHENTICATION: authMode == 'entra' ? 'true' : 'false'
  }
  dependsOn: [
    noScmPassword
    authenticationOn
  ]
}

// Deploying takes a token of Entra ID; the passwords that every site gets by default open nothing.
// All that belongs to the site is changed one after the other: Azure may refuse a second change while one is under way.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: site
  name: 'scm'
  properties: {
    allow: false
  }
  dependsOn: [
    noFtpPassword
  ]
}

// The app believes the header of App Service Authentication where AUTH_MODE is entra. So authentication is turned on
// before that is written, and off only after keys is written: at no moment does the app believe what nobody checked.
module authenticationOn 'authentication.bicep' = if (authMode == 'entra') {
  name: '${name}-authentication-on'
  params: {
    siteName: site.name
    enabled: true
    tenantId: entraTenantId
    clientId: entraClientId
  }
  dependsOn: [
    noScmPassword
  ]
}

module authenticationOff 'authentication.bicep' = if (authMode != 'entra') {
  name: '${name}-authentication-off'
  params: {
    siteName: site.name
    enabled: false
    tenantId: entraTenantId
    clientId: entraClientId
  }
  dependsOn: [
    settings
  ]
}

// After everything else of the site, for it starts with the package. Azure fetches it and builds nothing.
resource package 'Microsoft.Web/sites/extensions@2025-03-01' = if (!empty(packageUri)) {
  parent: site
  name: 'onedeploy'
  // No published type has these, though popular templates deploy so.
  #disable-next-line BCP187
  properties: {
    packageUri: packageUri
    remoteBuild: false
  }
  dependsOn: [
    settings
    authenticationOff
  ]
}

// All groups of logs that Azure has for this kind of app, for a category that it does not have would end the deployment.
#disable-next-line use-recent-api-versions // there is no newer one that is not a preview
resource hostLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logsGoTo)) {
  name: 'host'
  scope: site
  properties: {
    workspaceId: logsGoTo
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

@description('Name of the function app.')
output name string = site.name

@description('Where the API answers.')
output apiUrl string = 'https://${site.properties.defaultHostName}/api'

@description('Where the page is.')
output pageUrl string = 'https://${site.properties.defaultHostName}/api/ui/'
