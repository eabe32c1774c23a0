// A network of the app's own, where none is given: a subnet that the app's traffic leaves through, and one for private
// endpoints.

@description('Name of the network.')
param name string

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('The addresses of the network: a range of 128 at least.')
param addressSpace string

resource network 'Microsoft.Network/virtualNetworks@2026-03-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressSpace
      ]
    }
    // Subnets stand here and not as resources of their own, for a network that is deployed anew loses those it does not name.
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 26, 0)
          // The way to Klaviyo and to Entra ID. Newer networks have none unless they say so.
          defaultOutboundAccess: true
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          serviceEndpoints: [
            {
              service: 'Microsoft.Storage'
            }
            {
              service: 'Microsoft.KeyVault'
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 26, 1)
          defaultOutboundAccess: false
        }
      }
    ]
  }
}

@description('Resource id of the subnet of the app.')
output appSubnetId string = '${network.id}/subnets/app'
