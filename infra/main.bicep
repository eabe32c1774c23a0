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

// Azure evaluates names before it makes anything, and every name has the token in it: nothing is made of parameters that
// cannot work.
var refused = refusals(
  {
    tickSchedule: tickSchedule
    authMode: authMode
    entraTenantId: entraTenantId
    entraClientId: entraClientId
    alertEmail: alertEmail
    alertWebhook: alertWebhook
    storageSku: storageSku
    zoneRedundant: zoneRedundant
    successNotes: successNotes
    budgetAmount: budgetAmount
    budgetStart: budgetStart
    network: network
    allowedAddresses: allowedAddresses
    addressSpace: addressSpace
    appSubnetId: appSubnetId
    endpointsSubnetId: endpointsSubnetId
    dnsZonesGroupId: dnsZonesGroupId
    privateApp: privateApp
    existingSegmentsAccountId: existingSegmentsAccountId
    segmentsContainer: segmentsContainer
    segmentsSharedKey: segmentsSharedKey
    packageUri: packageUri
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
var workspaceId = resourceId('Microsoft.OperationalInsights/workspaces', workspaceName)
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
var isPublic = network == 'public'
var isPrivate = network == 'private'
var makesNetwork = !isPublic && empty(appSubnetId)
var networkName = 'vnet-${token}'
var subnetOfApp = makesNetwork
  ? resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'app')
  : appSubnetId
var subnetOfEndpoints = makesNetwork
  ? resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'endpoints')
  : endpointsSubnetId
// The id of a subnet: /subscriptions/[2]/resourceGroups/[4]/providers/Microsoft.Network/virtualNetworks/[8]/subnets/[10].
var networkOfEndpoints = join(take(split(subnetOfEndpoints, '/'), 9), '/')
var addresses = empty(allowedAddresses) ? [] : map(split(allowedAddresses, ','), each => trim(each))
var entrance = {
  publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  defaultAction: isPublic ? 'Allow' : 'Deny'
  addresses: addresses
}
var privateTargets = concat(
  map(['blob', 'queue', 'table'], part => {
    name: part
    kind: 'Microsoft.Storage/storageAccounts'
    resource: storageAccountName
    part: part
  }),
  segmentsAreElsewhere
    ? []
    : [
        {
          name: 'segments'
          kind: 'Microsoft.Storage/storageAccounts'
          resource: newSegmentsAccountName
          part: 'blob'
        }
      ],
  [
    {
      name: 'vault'
      kind: 'Microsoft.KeyVault/vaults'
      resource: keyVaultName
      part: 'vault'
    }
  ],
  privateApp
    ? [
        {
          name: 'app'
          kind: 'Microsoft.Web/sites'
          resource: functionAppName
          part: 'sites'
        }
      ]
    : []
)
var functionAppName = 'func-${token}'
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

module ownNetwork 'modules/network.bicep' = if (makesNetwork) {
  name: 'network-${token}'
  params: {
    name: networkName
    location: location
    tags: tags
    addressSpace: addressSpace
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
    protect: protect
    logsGoTo: storageLogs == 'all' ? workspaceId : ''
    entrance: entrance
    subnetId: network == 'restricted' ? subnetOfApp : ''
  }
  dependsOn: [
    ownNetwork
    monitoring
  ]
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
    protect: protect
    logsGoTo: storageLogs == 'none' ? '' : workspaceId
    entrance: entrance
    subnetId: network == 'restricted' ? subnetOfApp : ''
  }
  dependsOn: [
    ownNetwork
    monitoring
  ]
}

module keyVault 'modules/key-vault.bicep' = {
  name: 'vault-${token}'
  params: {
    name: keyVaultName
    location: location
    tags: tags
    recover: recoverVault
    protect: protect
    workspaceId: monitoring.outputs.workspaceId
    entrance: entrance
    subnetId: network == 'restricted' ? subnetOfApp : ''
  }
  dependsOn: [
    ownNetwork
  ]
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

// Before the app, which fails until it finds its storage.
module privateEndpoints 'modules/private-endpoints.bicep' = if (isPrivate) {
  name: 'endpoints-${token}'
  params: {
    targets: filter(privateTargets, each => each.part != 'sites')
    namePrefix: 'pe-${token}'
    location: location
    tags: tags
    subnetId: subnetOfEndpoints
    networkId: networkOfEndpoints
    makesZones: empty(dnsZonesGroupId)
    zonesSubscription: split(dnsZonesGroupId, '/')[?2] ?? subscription().subscriptionId
    zonesGroup: split(dnsZonesGroupId, '/')[?4] ?? resourceGroup().name
  }
  dependsOn: [
    storage
    segmentsStorage
    keyVault
    ownNetwork
  ]
}

module privateEntrance 'modules/private-endpoints.bicep' = if (isPrivate && privateApp) {
  name: 'entrance-${token}'
  params: {
    targets: filter(privateTargets, each => each.part == 'sites')
    namePrefix: 'pe-${token}'
    location: location
    tags: tags
    subnetId: subnetOfEndpoints
    networkId: networkOfEndpoints
    makesZones: empty(dnsZonesGroupId)
    zonesSubscription: split(dnsZonesGroupId, '/')[?2] ?? subscription().subscriptionId
    zonesGroup: split(dnsZonesGroupId, '/')[?4] ?? resourceGroup().name
  }
  dependsOn: [
    functionApp
  ]
}

module functionApp 'modules/function-app.bicep' = {
  name: 'app-${token}'
  params: {
    name: functionAppName
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
    logsGoTo: siteLogs ? workspaceId : ''
    subnetId: isPublic ? '' : subnetOfApp
    isReachable: !privateApp
    zoneRedundant: zoneRedundant
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
    packageUri: packageUri
  }
  // An app that starts before it has its rights fails until Azure has passed them on.
  dependsOn: [
    storage
    privateEndpoints
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
    webhook: alertWebhook
    successNotes: successNotes
    budgetName: 'budget-${token}'
    budgetAmount: budgetAmount
    budgetStart: budgetStart
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
    workspaceId: workspaceId
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
