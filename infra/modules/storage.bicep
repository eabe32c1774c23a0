// The app's own account: documents and runs, the queue of wake-ups, the deployed package, and what the host keeps.

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

@description('Container of the documents and runs.')
param exportsContainer string

@description('Container of the deployed package.')
param deploymentsContainer string

@description('Queue of the wake-ups.')
param queueName string

@description('How long runs are kept, in days.')
param retentionDays int

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
    allowSharedKeyAccess: false
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
    // A document that somebody deleted or overwrote by mistake can be had back for a week.
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
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

resource documents 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: blobs
  name: exportsContainer
  properties: {
    publicAccess: 'None'
  }
}

resource deployments 'Microsoft.Storage/storageAccounts/blobServices/containers@2026-06-01' = {
  parent: blobs
  name: deploymentsContainer
  properties: {
    publicAccess: 'None'
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2026-06-01' = {
  parent: account
  name: 'default'
}

resource wakeUps 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-06-01' = {
  parent: queues
  name: queueName
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2026-06-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          // The tick removes old runs itself; this is the second net, for rejections hold rows of people. It comes eight
          // days later, as a run may wait for Klaviyo for seven (settleLimitHours) and needs its files until its end.
          name: 'expire-runs'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${exportsContainer}/runs/'
                '${exportsContainer}/idempotency/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: retentionDays + 8
                }
              }
            }
          }
        }
      ]
    }
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'It has the connections, exports and runs. Remove this lock before everything is taken down.'
  }
}
