// What the app may do with the segments. A module of its own, as their account may lie in another group.

@description('Object id of the identity of the app.')
param principalId string

@description('Name of the storage account with the segments.')
param accountName string

@description('Container of the segments.')
param container string

var segmentsRoles = [
  {
    id: '2a2b9908-6ea1-4ae2-8e65-a30df8a391e1'
    name: 'Storage Blob Data Reader'
    reason: 'segments are listed and read, and never written'
  }
]

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: accountName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' existing = {
  parent: account
  name: 'default'
}

resource segments 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' existing = {
  parent: blobs
  name: container
}

resource onSegments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in segmentsRoles: {
    name: guid(segments.id, principalId, role.id)
    scope: segments
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
      description: role.reason
    }
  }
]
