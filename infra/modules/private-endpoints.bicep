// The ways into the accounts and the vault where the internet is none: an endpoint in the network for each, and the
// zones that lead their names there.

@description('What gets an endpoint: a resource of this group, and the part of it.')
type target = {
  name: string
  kind: string
  resource: string
  part: 'blob' | 'queue' | 'table' | 'vault' | 'sites'
}

@description('What gets an endpoint.')
param targets target[]

@description('How the names of the endpoints begin.')
param namePrefix string

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Resource id of the subnet of the endpoints.')
param subnetId string

@description('Resource id of the network of that subnet.')
param networkId string

@description('Whether the zones are made here; otherwise they are there already.')
param makesZones bool

@description('Subscription of the zones.')
param zonesSubscription string

@description('Resource group of the zones.')
param zonesGroup string

var parts = union(map(targets, each => each.part), [])
// The zone of vaults has another name than the vaults, in every cloud.
var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: 'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  sites: 'privatelink.azurewebsites.net'
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for part in parts: if (makesZones) {
    name: zoneNames[part]
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (part, at) in parts: if (makesZones) {
    parent: zones[at]
    name: '${namePrefix}-link'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2026-03-01' = [
  for each in targets: {
    name: '${namePrefix}-${each.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: each.name
          properties: {
            privateLinkServiceId: resourceId(each.kind, each.resource)
            groupIds: [
              each.part
            ]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2026-03-01' = [
  for (each, at) in targets: {
    parent: endpoints[at]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: each.part
          properties: {
            privateDnsZoneId: resourceId(
              zonesSubscription,
              zonesGroup,
              'Microsoft.Network/privateDnsZones',
              zoneNames[each.part]
            )
          }
        }
      ]
    }
    dependsOn: [
      zones
      links
    ]
  }
]
