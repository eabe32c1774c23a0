// The vault of the Klaviyo keys. Rights are given by roles only, and a deleted key or vault can be had back for 90 days.

import { entranceOf } from '../network-types.bicep'

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Whether a deleted vault of this name is to be brought back.')
param recover bool

@description('Who reaches this over the network.')
param entrance entranceOf

@description('Resource id of the subnet of the app where its service endpoint leads here. Empty: none does.')
param subnetId string

@description('Whether a lock keeps the vault from being deleted.')
param protect bool

@description('Resource id of the workspace that keeps who asked for which secret.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    createMode: recover ? 'recover' : 'default'
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    // Whoever gets in needs a role as well. Azure's own services that are trusted, such as its logs, are let in.
    publicNetworkAccess: entrance.publicNetworkAccess
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: entrance.defaultAction
      virtualNetworkRules: empty(subnetId) ? [] : [{ id: subnetId }]
      ipRules: map(entrance.addresses, address => { value: address })
    }
  }
}

// The one newer than ten years is a preview, and everybody uses it.
#disable-next-line use-recent-api-versions
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (protect) {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'It has the keys of Klaviyo. Remove this lock before everything is taken down.'
  }
}

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
