// Everything of one installation, in one resource group that is there already.
// Plain resources only, no module from a registry: compiling it fetches nothing.
targetScope = 'resourceGroup'

import { refusals } from 'refusals.bicep'

@description('Name of this installation. Another name in the same group makes a second one beside the first.')
@minLength(1)
@maxLength(64)
param environmentName string = 'production'

@description('Region of every resource.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags { *: string } = {}

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

@description('After how many seconds a leg pauses and lets the next one go on. A leg may go on for 7 minutes after that, and the functionTimeout of host.json ends it after 15.')
@minValue(60)
@maxValue(450)
param legBudgetSeconds int = 300

@description('How many requests to Klaviyo may be under way at once in a leg.')
@minValue(1)
@maxValue(100)
param requestsInFlight int = 12

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

@description('Set it to true once, for the first deployment after a removal: the deleted vault and its keys come back. A vault under purge protection blocks its name for 90 days.')
param recoverVault bool = false

// Azure evaluates names before it makes anything, and every name has the token in it: nothing is made of parameters that
// cannot work.
var refused = refusals(
  {
    tickSchedule: tickSchedule
    authMode: authMode
    entraTenantId: entraTenantId
    entraClientId: entraClientId
    alertEmail: alertEmail
    existingSegmentsAccountId: existingSegmentsAccountId
    segmentsContainer: segmentsContainer
    segmentsSharedKey: segmentsSharedKey
    refreshSchedule: refreshSchedule
    refreshTimeZone: refreshTimeZone
    secretsPrefix: secretsPrefix
  },
  loadJsonContent('time-zones.json')
)
// 13 letters and digits. The tightest limit is that of storage accounts: 24, of which stseg and the token take 18.
var token = empty(refused)
  ? uniqueString(subscription().id, resourceGroup().id, environmentName)
  : fail(join(refused, ' '))
// The names stand here and not among the outputs of the modules, so that a what-if knows them.
var identityName = 'id-${token}'
var packageIdentityName = 'id-package-${token}'
var workspaceName = 'log-${token}'
var applicationInsightsName = 'appi-${token}'
var storageAccountName = 'st${token}'
var keyVaultName = 'kv-${token}'
var segmentsAreElsewhere = !empty(existingSegmentsAccountId)
var newSegmentsAccountName = 'stseg${token}'
// The parts of a resource id: /subscriptions/[2]/resourceGroups/[4]/providers/Microsoft.Storage/storageAccounts/[8].
var partsOfId = split(existingSegmentsAccountId, '/')
var segmentsAccountName = partsOfId[?8] ?? newSegmentsAccountName
var segmentsGroup = partsOfId[?4] ?? resourceGroup().name
var segmentsSubscription = partsOfId[?2] ?? subscription().subscriptionId
var exportsContainer = 'exports'
var deploymentsContainer = 'deployments'
var queueName = 'segment-exports'

// One identity of its own, so that its rights can be given before the app starts for the first time.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: identityName
  location: location
  tags: tags
}

// Another for the package, so that what the app itself does with blobs can never replace its code.
resource packageIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: packageIdentityName
  location: location
  tags: tags
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring-${token}'
  params: {
    workspaceName: workspaceName
    applicationInsightsName: applicationInsightsName
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage-${token}'
  params: {
    name: storageAccountName
    location: location
    tags: tags
    sku: storageSku
    exportsContainer: exportsContainer
    deploymentsContainer: deploymentsContainer
    queueName: queueName
    retentionDays: retentionDays
  }
}

module segmentsStorage 'modules/segments-storage.bicep' = if (!segmentsAreElsewhere) {
  name: 'segments-${token}'
  params: {
    name: newSegmentsAccountName
    location: location
    tags: tags
    sku: storageSku
    container: segmentsContainer
    sharedKey: segmentsSharedKey
  }
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'vault-${token}'
  params: {
    name: keyVaultName
    location: location
    tags: tags
    recover: recoverVault
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles-${token}'
  params: {
    // A name of an assignment has the identity's id in it: an identity that was made anew gets assignments of its own.
    #disable-next-line what-if-short-circuiting
    principalId: identity.properties.principalId
    #disable-next-line what-if-short-circuiting
    packagePrincipalId: packageIdentity.properties.principalId
    storageAccountName: storageAccountName
    exportsContainer: exportsContainer
    deploymentsContainer: deploymentsContainer
    keyVaultName: keyVaultName
    applicationInsightsName: applicationInsightsName
    allowKeyEntry: allowKeyEntry
    assignRoles: assignRoles
  }
  dependsOn: [
    storage
    keyVault
    monitoring
  ]
}

module segmentsRole 'modules/segments-role.bicep' = if (assignRoles) {
  name: 'segments-role-${token}'
  scope: resourceGroup(segmentsSubscription, segmentsGroup)
  params: {
    // As for the other roles.
    #disable-next-line what-if-short-circuiting
    principalId: identity.properties.principalId
    accountName: segmentsAccountName
    container: segmentsContainer
  }
  dependsOn: [
    segmentsStorage
  ]
}

module functionApp 'modules/function-app.bicep' = {
  name: 'app-${token}'
  params: {
    name: 'func-${token}'
    planName: 'plan-${token}'
    location: location
    tags: tags
    identityName: identity.name
    packageIdentityName: packageIdentity.name
    storageAccountName: storageAccountName
    deploymentsContainer: deploymentsContainer
    exportsContainer: exportsContainer
    queueName: queueName
    segmentsAccountName: segmentsAccountName
    segmentsContainer: segmentsContainer
    keyVaultUri: keyVault.outputs.uri
    allowKeyEntry: allowKeyEntry
    applicationInsightsName: applicationInsightsName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    tickSchedule: tickSchedule
    legBudgetSeconds: legBudgetSeconds
    requestsInFlight: requestsInFlight
    settleLimitHours: settleLimitHours
    maxLatenessHours: maxLatenessHours
    quietMinutes: quietMinutes
    refreshSchedule: refreshSchedule
    refreshTimeZone: refreshTimeZone
    secretsPrefix: secretsPrefix
    retentionDays: retentionDays
    authMode: authMode
    entraTenantId: empty(entraTenantId) ? tenant().tenantId : entraTenantId
    entraClientId: entraClientId
    adminIsolation: adminIsolation
  }
  // An app that starts before it has its rights fails until Azure has passed them on.
  dependsOn: [
    storage
    roles
    segmentsRole
  ]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts-${token}'
  params: {
    namePrefix: 'alert-${token}'
    actionGroupName: 'ag-${token}'
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    email: alertEmail
    rejectedPercent: alertRejectedPercent
    waitingHours: alertWaitingHours
    expiryDays: alertExpiryDays
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook-${token}'
  params: {
    location: location
    tags: tags
    workspaceId: resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
  }
  dependsOn: [
    monitoring
  ]
}

@description('Name of the function app.')
output functionAppName string = functionApp.outputs.name

@description('Where the API answers.')
output apiUrl string = functionApp.outputs.apiUrl

@description('Where the page is.')
output pageUrl string = functionApp.outputs.pageUrl

@description('Name of the vault for the Klaviyo keys.')
output keyVaultName string = keyVaultName

@description('Name of the storage account with the documents and runs.')
output storageAccountName string = storageAccountName

@description('Name of the storage account with the segments.')
output segmentsAccountName string = segmentsAccountName

@description('Object id of the identity of the app, which vouches for the app where people sign in.')
output identityPrincipalId string = identity.properties.principalId

@description('Name of the Log Analytics workspace.')
output workspaceName string = workspaceName

@description('Resource id of the workbook that shows runs, rows a minute and throttling.')
output workbookId string = workbook.outputs.id

@description('The commands that give the app its rights, for somebody who may; empty where this deployment has done it.')
output grants string[] = assignRoles
  ? []
  : concat(roles.outputs.grants, [
      'az role assignment create --assignee-object-id ${identity.properties.principalId} --assignee-principal-type ServicePrincipal --role 2a2b9908-6ea1-4ae2-8e65-a30df8a391e1 --scope ${resourceId(segmentsSubscription, segmentsGroup, 'Microsoft.Storage/storageAccounts/blobServices/containers', segmentsAccountName, 'default', segmentsContainer)}'
    ])
