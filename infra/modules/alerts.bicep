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

@description('An https address that gets the alerts as well, in the common alert schema. Empty: none.')
param webhook string

@description('Whether the end of a run that did not fail is told as well.')
param successNotes bool

@description('Name of the budget.')
param budgetName string

@description('What the resource group may cost in a month before somebody is told. 0: anything.')
param budgetAmount int

@description('The month in which the budget begins.')
param budgetStart string

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

var byRun = concat(byExport, [
  {
    name: 'run'
    operator: 'Include'
    values: [
      '*'
    ]
  }
])

var bySecret = [
  {
    name: 'secret'
    operator: 'Include'
    values: [
      '*'
    ]
  }
]

// No alert: each run is told once, and nothing has to be resolved. Severity 4 is a note.
var successNote = {
  name: 'run-succeeded'
  title: 'A run has ended'
  description: 'A run ended as succeeded or partial. Its numbers stand in the note.'
  severity: 4
  frequency: 'PT5M'
  window: 'PT15M'
  dimensions: byRun
  query: loadTextContent('../queries/run-succeeded.kql')
}

// Severity: 1 is an error that needs somebody now, 2 a warning that needs somebody today.
var alerts = concat(successNotes ? [successNote] : [], [
  {
    name: 'run-failed'
    title: 'A run failed'
    description: 'A run ended as failed, and not by a limit of its export. Its document says why and what to do: GET /api/exports/{export}/runs/{run}.'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    dimensions: byExport
    query: loadTextContent('../queries/run-failed.kql')
  }
  {
    name: 'brake-pulled'
    title: 'A run was stopped by a limit'
    description: 'A run would have done more than the limits of its export allow: too many rows, too few, or too many rejected. Look at its rejections, then mend the segment or the limits.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    dimensions: byExport
    query: loadTextContent('../queries/brake-pulled.kql')
  }
  {
    name: 'source-empty'
    title: 'A segment was empty'
    description: 'A run ended well without a single row. If the segment should have rows, look at what writes it; limits.min_rows of the export fails such a run.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    dimensions: byExport
    query: loadTextContent('../queries/source-empty.kql')
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
])

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
    webhookReceivers: empty(webhook)
      ? []
      : [
          {
            name: 'webhook'
            serviceUri: webhook
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
      autoMitigate: alert.severity != 4
      // A note is sent once, though its run is seen three times.
      muteActionsDuration: alert.severity == 4 ? alert.window : null
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

resource budget 'Microsoft.Consumption/budgets@2026-06-01' = if (budgetAmount > 0) {
  name: budgetName
  properties: {
    category: 'Cost'
    timeGrain: 'Monthly'
    amount: budgetAmount
    timePeriod: {
      startDate: budgetStart
    }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThan'
        thresholdType: 'Actual'
        threshold: 100
        contactEmails: []
        contactGroups: [
          group.id
        ]
      }
      foreseen: {
        enabled: true
        operator: 'GreaterThan'
        thresholdType: 'Forecasted'
        threshold: 100
        contactEmails: []
        contactGroups: [
          group.id
        ]
      }
    }
  }
}
