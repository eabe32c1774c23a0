// An account of its own for the segments: Customer Insights, which may write them, asks for an account key and refuses
// an account with soft delete. The documents and runs shall have neither the one nor lack the other.

import { entranceOf } from '../network-types.bicep'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Redundancy.')
param sku string

@description('Container of the segments.')
param container string

@description('Whether the account may be reached with an account key.')
param sharedKey bool

@description('Who reaches this over the network.')
param entrance entranceOf

@description('Resource id of the subnet of the app where its service endpoint leads here. Empty: none does.')
param subnetId string

@description('Whether a lock keeps this from being deleted.')
param protect bool

@description('Resource id of the workspace that keeps who read, wrote and deleted which blob. Empty: nobody does.')
param logsGoTo string

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: sharedKey
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    // Whoever gets in needs a role as well. Azure's own services that are trusted, such as its logs, are let in.
    publicNetworkAccess: entrance.publicNetworkAccess
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: entrance.defaultAction
      virtualNetworkRules: empty(subnetId) ? [] : [{ id: subnetId, action: 'Allow' }]
      ipRules: map(entrance.addresses, address => { value: address, action: 'Allow' })
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2026-06-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: {
      enabled: false
    }
    containerDeleteRetentionPolicy: {
      enabled: false
    }
  }
}

resource segments 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: blobs
  name: container
  properties: {
    publicAccess: 'None'
  }
}

// Microsoft gives no newer version that is not a preview.
#disable-next-line use-recent-api-versions
resource requests 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(logsGoTo)) {
  name: 'requests'
  scope: blobs
  properties: {
    workspaceId: logsGoTo
    logs: [
      {
        category: 'StorageRead'
        enabled: true
      }
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'It has the segments. Remove this lock before everything is taken down.'
  }
}
