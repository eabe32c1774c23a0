// az deployment group create --resource-group <group> --parameters infra/main.bicepparam
// Everything has a safe default; infra/main.bicep describes the other parameters.
using 'main.bicep'

param environmentName = 'production'

// Who gets the alerts by e-mail.
param alertEmail = ''

// entra: App Service Authentication in front; then entraClientId is needed as well.
param authMode = 'keys'

// A storage account that holds the segments already; empty makes a new one.
param existingSegmentsAccountId = ''
