// What azd up deploys: a resource group, and in it everything of infra/main.bicep. For `az`, take infra/main.bicep itself.
targetScope = 'subscription'

@description('Name of the azd environment, and part of the name of the resource group.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything.')
@minLength(1)
param location string

@description('Name of the resource group to make. Empty: rg- and the name of the environment.')
param resourceGroupName string = ''

@description('Memory of an instance in MB: 512 comes with a quarter of a processor core, 2048 with a whole one.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('How many instances each kind of function may grow to. Runs over one Klaviyo account never go side by side, so more helps only with several accounts.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 2

@description('When the tick looks for work: six fields, in UTC. The alert about a missing tick expects at least one in ten minutes.')
param tickSchedule string = '*/30 * * * * *'

@description('Who checks the callers of the API: keys (function keys, each caller is an administrator) or entra (App Service Authentication with Entra ID and its roles).')
@allowed([
  'keys'
  'entra'
])
param authMode string = 'keys'

@description('Entra ID: tenant of the app registration. Empty: the tenant of the subscription.')
param entraTenantId string = ''

@description('Entra ID: application (client) id of the app registration. Needed where authMode is entra.')
param entraClientId string = ''

@description('Whether the host of the app is to refuse all calls of its /admin. Nobody has seen this work on Flex Consumption: it may keep the host from announcing its triggers, and then the timer never fires.')
param adminIsolation bool = false

@description('Whether a Klaviyo key may be entered through the API. The app may then write to the vault; otherwise it only reads.')
param allowKeyEntry bool = false

@description('Who gets the alerts by e-mail. Empty: alerts are only shown in the portal.')
param alertEmail string = ''

@description('Where alerts are sent beside the e-mail: an https address that takes the common alert schema. Whoever may read the resource group can read it, and whoever knows it can send to it.')
param alertWebhook string = ''

@description('Whether the end of each run that did not fail is told like an alert as well, as a note (severity 4).')
param successNotes bool = false

@description('An alert is raised when the resource group costs more than this in a month, in the currency of the subscription. 0: none.')
@minValue(0)
@maxValue(1000000)
param budgetAmount int = 0

@description('The first day of the month in which the budget begins, as 2027-01-01; of this month for a new one. Needed where budgetAmount is given, and the same ever after.')
param budgetStart string = ''

@description('Which requests to storage are logged: none, segments (who read, wrote or deleted segments, in the account that this makes) or all (also those to the documents, of which there are millions a month).')
@allowed([
  'none'
  'segments'
  'all'
])
param storageLogs string = 'segments'

@description('Whether Azure sends the logs of the host by its own way as well. Everything then arrives twice, but also what the host says when it cannot reach Application Insights.')
param siteLogs bool = false

@description('Whether the app is spread over availability zones. Azure then keeps at least two instances ready for each kind of function, and bills them.')
param zoneRedundant bool = false

@description('Whether the storage accounts and the vault get a lock against deletion. Needs the right to make locks, which Owner has; the locks go before everything can be removed.')
param protect bool = false

@description('An alert is raised when a run has rejected more than this share of its rows, in percent.')
@minValue(1)
@maxValue(100)
param alertRejectedPercent int = 20

@description('An alert is raised when a run has waited longer than this for its Klaviyo account, in hours.')
@minValue(1)
@maxValue(24)
param alertWaitingHours int = 3

@description('An alert is raised when a Klaviyo key in the vault expires within this many days.')
@minValue(1)
@maxValue(365)
param alertExpiryDays int = 30

@description('How long runs and their rejections are kept, in days.')
@minValue(1)
@maxValue(365)
param retentionDays int = 30

@description('How long logs are kept, in days. What comes through Application Insights, which is nearly everything, Azure keeps for 90 at least.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('How much may be logged a day, in GB; what comes after that is dropped, and the alert about a missing tick tells of it.')
@minValue(1)
@maxValue(100)
param logDailyCapGb int = 1

@description('Redundancy of the storage accounts: Standard_ZRS, or Standard_LRS in a region without availability zones.')
@allowed([
  'Standard_ZRS'
  'Standard_LRS'
])
param storageSku string = 'Standard_ZRS'

@description('Resource id of a storage account that holds the segments already. Empty: a new account is made for them.')
param existingSegmentsAccountId string = ''

@description('Name of the container that holds the segments.')
@minLength(3)
@maxLength(63)
param segmentsContainer string = 'segments'

@description('Whether the new segments account may be reached with an account key. Customer Insights needs that for its export to Blob Storage; nothing else does.')
param segmentsSharedKey bool = false

@description('Who reaches the storage accounts and the vault over the network: public (everybody, and a role decides), restricted (the app and allowedAddresses) or private (the app and whoever is in its network, by private endpoints).')
@allowed([
  'public'
  'restricted'
  'private'
])
param network string = 'public'

@description('With network restricted: who is let in beside the app, as IPv4 addresses or ranges such as 203.0.113.0/24, with commas between them.')
param allowedAddresses string = ''

@description('The addresses of the network that is made: a range of 128 at least that is not in use where it may be joined to.')
param addressSpace string = '10.83.0.0/24'

@description('Resource id of an existing subnet for the traffic of the app: delegated to Microsoft.App/environments, and with service endpoints for Microsoft.Storage and Microsoft.KeyVault where network is restricted. Empty: a network is made.')
param appSubnetId string = ''

@description('Resource id of an existing subnet for private endpoints. Given together with appSubnetId where network is private.')
param endpointsSubnetId string = ''

@description('Resource id of the resource group that has the private DNS zones already, such as that of a hub. Empty: they are made.')
param dnsZonesGroupId string = ''

@description('With network private: whether the app itself can be reached over the network only. Then the page, the API and deployments need a place in it.')
param privateApp bool = false

@description('After how many seconds a leg pauses and lets the next one go on. A leg may go on for 7 minutes after that, and the functionTimeout of host.json ends it after 15.')
@minValue(60)
@maxValue(450)
param legBudgetSeconds int = 450

@description('How many requests to Klaviyo may be under way at once in a leg.')
@minValue(1)
@maxValue(100)
param requestsInFlight int = 36

@description('How long a run waits for the ends of its import jobs at Klaviyo, in hours.')
@minValue(1)
@maxValue(168)
param settleLimitHours int = 24

@description('How late a missed run may still start, in hours.')
@minValue(0)
@maxValue(168)
param maxLatenessHours int = 12

@description('How long nothing must have been written to a dated folder before it is read, in minutes.')
@minValue(0)
@maxValue(1440)
param quietMinutes int = 10

@description('When exports run whose schedule is "refresh": a cron expression of five fields. Empty for never.')
param refreshSchedule string = ''

@description('The time zone of refreshSchedule, such as Europe/Kyiv.')
param refreshTimeZone string = 'UTC'

@description('How the names of the secrets with Klaviyo keys begin. The app reads and writes no other secret of the vault.')
@minLength(1)
@maxLength(63)
#disable-next-line secure-secrets-in-params // how names begin is no secret
param secretsPrefix string = 'klaviyo-'

@description('Whether to assign the roles of the app. Needs the right to do so; false prints the commands for somebody who has it, in the output grants.')
param assignRoles bool = true

@description('Where the package of the app lies, as an https address that Azure can read: the code then comes with this deployment. The package has to bring its requirements along. Empty: the code is sent afterwards.')
param packageUri string = ''

@description('Set it to true once, for the first deployment after a removal: the deleted vault and its keys come back. A vault under purge protection blocks its name for 90 days.')
param recoverVault bool = false

var tags = {
  'azd-env-name': environmentName
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: empty(resourceGroupName) ? 'rg-${environmentName}' : resourceGroupName
  location: location
  tags: tags
}

module installation '../main.bicep' = {
  // The name of a deployment has at most 64 letters.
  name: 'segment-export-${take(environmentName, 40)}'
  scope: group
  params: {
    environmentName: environmentName
    location: location
    tags: tags
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    tickSchedule: tickSchedule
    authMode: authMode
    entraTenantId: entraTenantId
    entraClientId: entraClientId
    adminIsolation: adminIsolation
    allowKeyEntry: allowKeyEntry
    alertEmail: alertEmail
    alertWebhook: alertWebhook
    successNotes: successNotes
    budgetAmount: budgetAmount
    budgetStart: budgetStart
    storageLogs: storageLogs
    siteLogs: siteLogs
    zoneRedundant: zoneRedundant
    protect: protect
    alertRejectedPercent: alertRejectedPercent
    alertWaitingHours: alertWaitingHours
    alertExpiryDays: alertExpiryDays
    retentionDays: retentionDays
    logRetentionDays: logRetentionDays
    logDailyCapGb: logDailyCapGb
    storageSku: storageSku
    existingSegmentsAccountId: existingSegmentsAccountId
    segmentsContainer: segmentsContainer
    segmentsSharedKey: segmentsSharedKey
    network: network
    allowedAddresses: allowedAddresses
    addressSpace: addressSpace
    appSubnetId: appSubnetId
    endpointsSubnetId: endpointsSubnetId
    dnsZonesGroupId: dnsZonesGroupId
    privateApp: privateApp
    legBudgetSeconds: legBudgetSeconds
    requestsInFlight: requestsInFlight
    settleLimitHours: settleLimitHours
    maxLatenessHours: maxLatenessHours
    quietMinutes: quietMinutes
    refreshSchedule: refreshSchedule
    refreshTimeZone: refreshTimeZone
    secretsPrefix: secretsPrefix
    assignRoles: assignRoles
    packageUri: packageUri
    recoverVault: recoverVault
  }
}

@description('Name of the resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = installation.outputs.functionAppName

@description('Where the API answers.')
output API_URL string = installation.outputs.apiUrl

@description('Where the page is.')
output PAGE_URL string = installation.outputs.pageUrl

@description('Name of the vault for the Klaviyo keys.')
output KEY_VAULT_NAME string = installation.outputs.keyVaultName

@description('Name of the storage account with the documents and runs.')
output STORAGE_ACCOUNT_NAME string = installation.outputs.storageAccountName

@description('Name of the storage account with the segments.')
output SEGMENTS_ACCOUNT_NAME string = installation.outputs.segmentsAccountName

@description('Object id of the identity of the app, which vouches for the app where people sign in.')
output IDENTITY_PRINCIPAL_ID string = installation.outputs.identityPrincipalId

@description('The commands that give the app its rights, where this deployment has not done it.')
output GRANTS string[] = installation.outputs.grants
