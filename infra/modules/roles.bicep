// What the app may do, and why. Each role is given on one resource, never on the group.

@description('Object id of the identity of the app.')
param principalId string

@description('Object id of the identity that the package is stored and fetched with.')
param packagePrincipalId string

@description('Name of the storage account of the app.')
param storageAccountName string

@description('Container of the documents and runs, with the audit trail.')
param exportsContainer string

@description('Container of the deployed package.')
param deploymentsContainer string

@description('Name of the vault.')
param keyVaultName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Whether the app may write Klaviyo keys into the vault.')
param allowKeyEntry bool

@description('Whether to assign the roles; otherwise they are only printed.')
param assignRoles bool

var blobOwner = {
  id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  name: 'Storage Blob Data Owner'
  reason: 'documents, runs and leases; the host keeps its locks, timers and function keys in blobs. Not the package, and of the audit trail only its growth'
}

// Two exceptions of that role: the app cannot replace its own code, and it can make and lengthen files of the audit
// trail but neither change nor remove them. Conditions know the actions on blobs only; containers have soft delete.
var blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
var containerName = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]'
var changes = [
  'write'
  'delete'
  'deleteBlobVersion/action'
  'permanentDelete/action'
  'move/action'
  'tags/write'
  'immutableStorage/runAsSuperUser/action'
  'manageOwnership/action'
  'modifyPermissions/action'
  'runAsSuperUser/action'
]
var changesNothing = join(map(changes, action => '!(ActionMatches{\'${blobs}/${action}\'})'), ' AND ')
var addsNothing = '!(ActionMatches{\'${blobs}/add/action\'})'
var notThePackage = '((${changesNothing} AND ${addsNothing}) OR (${containerName} StringNotEquals \'${deploymentsContainer}\'))'
var trailOnlyGrows = '((${changesNothing}) OR (${containerName} StringNotEquals \'${exportsContainer}\' OR @Resource[${blobs}:path] StringNotLike \'audit/*\'))'
var blobCondition = '(${notThePackage} AND ${trailOnlyGrows})'

var packageWriter = {
  id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  name: 'Storage Blob Data Contributor'
  reason: 'Azure stores the package that was sent, and fetches it when an instance starts'
}

var storageRoles = [
  {
    id: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
    name: 'Storage Queue Data Contributor'
    reason: 'wake-ups are sent, taken, kept invisible while a leg works, and set aside when they keep failing'
  }
  {
    id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
    name: 'Storage Table Data Contributor'
    reason: 'the host writes its diagnostic events to a table'
  }
]

var vaultReader = [
  {
    id: '4633458b-17de-408a-b874-0445c86b69e6'
    name: 'Key Vault Secrets User'
    reason: 'the Klaviyo keys are read'
  }
]

var vaultWriter = [
  {
    id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
    name: 'Key Vault Secrets Officer'
    reason: 'a Klaviyo key that was entered through the API is written, which allowKeyEntry allows'
  }
]

var vaultRoles = allowKeyEntry ? concat(vaultReader, vaultWriter) : vaultReader

var monitoringRoles = [
  {
    id: '3913510d-42f4-4e42-8a64-420c390055eb'
    name: 'Monitoring Metrics Publisher'
    reason: 'logs and metrics are sent with the identity, as the component takes no key'
  }
]

resource storage 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: storageAccountName
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' existing = {
  parent: storage
  name: 'default'
}

resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' existing = {
  parent: blobService
  name: deploymentsContainer
}

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: keyVaultName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource onBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignRoles) {
  name: guid(storage.id, principalId, blobOwner.id)
  scope: storage
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobOwner.id)
    description: blobOwner.reason
    condition: blobCondition
    conditionVersion: '2.0'
  }
}

resource onPackage 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (assignRoles) {
  name: guid(deployments.id, packagePrincipalId, packageWriter.id)
  scope: deployments
  properties: {
    principalId: packagePrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', packageWriter.id)
    description: packageWriter.reason
  }
}

resource onStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in storageRoles: if (assignRoles) {
    name: guid(storage.id, principalId, role.id)
    scope: storage
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
      description: role.reason
    }
  }
]

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in vaultRoles: if (assignRoles) {
    name: guid(vault.id, principalId, role.id)
    scope: vault
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
      description: role.reason
    }
  }
]

resource onMonitoring 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in monitoringRoles: if (assignRoles) {
    name: guid(applicationInsights.id, principalId, role.id)
    scope: applicationInsights
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
      description: role.reason
    }
  }
]

var create = 'az role assignment create --assignee-principal-type ServicePrincipal'
var command = '${create} --assignee-object-id ${principalId}'
// In single quotes, for in double ones an interactive bash takes the exclamation marks for itself.
var quotedCondition = replace(blobCondition, '\'', '\'\\\'\'')
var blobGrant = '${command} --role ${blobOwner.id} --scope ${storage.id} --condition-version 2.0 --condition \'${quotedCondition}\''
var packageGrant = '${create} --assignee-object-id ${packagePrincipalId} --role ${packageWriter.id} --scope ${deployments.id}'
var storageGrants = [for role in storageRoles: '${command} --role ${role.id} --scope ${storage.id}']
var vaultGrants = [for role in vaultRoles: '${command} --role ${role.id} --scope ${vault.id}']
var monitoringGrants = [for role in monitoringRoles: '${command} --role ${role.id} --scope ${applicationInsights.id}']

@description('The commands that assign these roles, for somebody who may.')
output grants string[] = concat([blobGrant, packageGrant], storageGrants, vaultGrants, monitoringGrants)
