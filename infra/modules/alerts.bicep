// What wakes somebody: each alert is a query over the events that the app logs (shared/domain/events.py), and is raised
// when a row comes back.

@description('How the names of the alerts begin.')
param namePrefix string

@description('Name of the action group.')
param actionGroupName string

@description('Region.')
param location string

@description('Tags.')
param tags { *: string }

@description('Resource id of the workspace that is asked.')
param workspaceId string

@description('Who gets an e-mail. Empty: nobody, and alerts are only shown in the portal.')
param email string

@description('Share of rejected rows in percent that is too many.')
param rejectedPercent int

@description('Hours of waiting that are too many.')
param waitingHours int

@description('Days before the end of a secret that are too few.')
param expiryDays int

var byExport = [
  {
    name: 'export'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

var byConnection = [
  {
    name: 'connection'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

var bySecret = [
  {
    name: 'secret'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

// Severity: 1 is an error that needs somebody now, 2 a warning that needs somebody today.
var alerts = [
  {
    name: 'run-failed'
    title: 'A run failed'
    description: 'A run ended as failed. Its document says why and what to do: GET /api/exports/{export}/runs/{run}.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    dimensions: byExport
    query: loadTextContent('../queries/run-failed.kql')
  }
  {
    name: 'credentials-refused'
    title: 'Credentials were refused'
    description: 'Klaviyo or the vault refused the app. Every export over this connection stands still until the key or the role is right.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    dimensions: byConnection
    query: loadTextContent('../queries/credentials-refused.kql')
  }
  {
    name: 'run-stuck'
    title: 'A run is stuck'
    description: 'A run that has not ended and waits for nothing has shown no sign of life for a quarter of an hour.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    dimensions: byExport
    query: loadTextContent('../queries/run-stuck.kql')
  }
  {
    name: 'poison'
    title: 'Messages lie in the poison queue'
    description: 'The host has put messages aside that nobody could work on. They hold nothing up; look why they are there, then clear the queue: DELETE /api/poison.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    dimensions: []
    query: loadTextContent('../queries/poison.kql')
  }
  {
    name: 'no-tick'
    title: 'No tick for ten minutes'
    description: 'The app plans and wakes nothing: it is stopped, cannot start, or its logs do not arrive.'
    severity: 1
    frequency: 'PT5M'
    window: 'PT10M'
    dimensions: []
    query: loadTextContent('../queries/no-tick.kql')
  }
  {
    name: 'rejected-share'
    title: 'Too many rows were rejected'
    description: 'A run rejected more than ${rejectedPercent} % of its rows. Look at its rejections; most often a column of the source has changed.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    dimensions: byExport
    query: replace(loadTextContent('../queries/rejected-share.kql'), '{percent}', string(rejectedPercent))
  }
  {
    name: 'account-waiting'
    title: 'A run waits too long'
    description: 'A run has not come forward for more than ${waitingHours} hours, because others export over its Klaviyo account, or Klaviyo does not answer or has not finished importing.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    dimensions: byExport
    query: replace(loadTextContent('../queries/account-waiting.kql'), '{hours}', string(waitingHours))
  }
  {
    name: 'secret-expiring'
    title: 'A Klaviyo key expires soon'
    description: 'A secret that the app reads expires within ${expiryDays} days. Put a new version into the vault; no restart is needed.'
    severity: 2
    frequency: 'PT1H'
    window: 'P1D'
    dimensions: bySecret
    query: replace(loadTextContent('../queries/secret-expiring.kql'), '{days}', string(expiryDays))
  }
]

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'segexport'
    enabled: true
    emailReceivers: empty(email)
      ? []
      : [
          {
            name: 'on-call'
            emailAddress: email
            useCommonAlertSchema: true
          }
        ]
  }
}

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in alerts: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.title
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [
        workspaceId
      ]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      // The first deployment comes before the first row of any table.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: alert.dimensions
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [
          group.id
        ]
      }
    }
  }
]
