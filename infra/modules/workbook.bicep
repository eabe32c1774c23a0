// One page that shows what runs, how fast, and what holds it up.

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Resource id of the workspace that is asked.')
param workspaceId string

var panels = [
  {
    title: 'Runs that began'
    visualization: 'table'
    query: loadTextContent('../queries/starts.kql')
  }
  {
    title: 'Runs that ended'
    visualization: 'table'
    query: loadTextContent('../queries/runs.kql')
  }
  {
    title: 'Profiles a minute that Klaviyo took and refused'
    visualization: 'barchart'
    query: loadTextContent('../queries/rows-a-minute.kql')
  }
  {
    title: 'Requests to Klaviyo, and how many it throttled, by the end of their leg'
    visualization: 'timechart'
    query: loadTextContent('../queries/throttling.kql')
  }
  {
    title: 'Slowest batches'
    visualization: 'table'
    query: loadTextContent('../queries/batches.kql')
  }
  {
    title: 'Legs'
    visualization: 'table'
    query: loadTextContent('../queries/legs.kql')
  }
  {
    title: 'Runs that have not ended, runs woken, and the longest wait in seconds'
    visualization: 'timechart'
    query: loadTextContent('../queries/waiting.kql')
  }
]

// Type 9 is the bar with the time range, type 3 a query.
var timeRange = [
  {
    type: 9
    name: 'parameters'
    content: {
      version: 'KqlParameterItem/1.0'
      style: 'pills'
      parameters: [
        {
          id: guid(workspaceId, 'time-range')
          version: 'KqlParameterItem/1.0'
          name: 'TimeRange'
          label: 'Time range'
          type: 4
          isRequired: true
          value: {
            durationMs: 86400000
          }
          typeSettings: {
            allowCustom: true
            selectableValues: [
              { durationMs: 3600000 }
              { durationMs: 21600000 }
              { durationMs: 86400000 }
              { durationMs: 604800000 }
              { durationMs: 2592000000 }
            ]
          }
        }
      ]
    }
  }
]

var queries = [
  for panel in panels: {
    type: 3
    name: panel.title
    content: {
      version: 'KqlItem/1.0'
      title: panel.title
      query: panel.query
      size: 0
      queryType: 0
      resourceType: 'microsoft.operationalinsights/workspaces'
      crossComponentResources: [
        workspaceId
      ]
      timeContextFromParameter: 'TimeRange'
      visualization: panel.visualization
    }
  }
]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook is named by a GUID.
  name: guid(resourceGroup().id, workspaceId, 'segment-export')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Segment export to Klaviyo'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat(timeRange, queries)
    })
  }
}

@description('Resource id of the workbook.')
output id string = workbook.id
