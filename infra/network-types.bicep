// What several modules have to know of the network.

@export()
@description('Who reaches a resource over the network.')
type entranceOf = {
  publicNetworkAccess: 'Enabled' | 'Disabled'
  defaultAction: 'Allow' | 'Deny'
  addresses: string[]
}
