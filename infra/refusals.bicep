// Why parameters are refused: a sentence for each that cannot work, before anything is made. Types, bounds and lists
// stand beside the parameters in main.bicep, where Azure looks at them; what takes more than that is looked at here.
// A list of conditions holds where none of them is false. Each of them is evaluated, whatever the ones before it are.

@description('The parameters that are looked at.')
type looked = {
  tickSchedule: string
  authMode: string
  entraTenantId: string
  entraClientId: string
  alertEmail: string
  alertWebhook: string
  successNotes: bool
  budgetAmount: int
  budgetStart: string
  network: string
  allowedAddresses: string
  addressSpace: string
  appSubnetId: string
  endpointsSubnetId: string
  dnsZonesGroupId: string
  privateApp: bool
  storageSku: string
  zoneRedundant: bool
  existingSegmentsAccountId: string
  segmentsContainer: string
  segmentsSharedKey: bool
  packageUri: string
  refreshSchedule: string
  refreshTimeZone: string
  secretsPrefix: string
}

var digits = '0123456789'
var letters = 'abcdefghijklmnopqrstuvwxyz'
// Debian's cron, which refreshSchedule follows, also knows the last day of a month, the last Friday, the second Friday.
var lastDay = ['l']
var lastWeekdays = ['0l', '1l', '2l', '3l', '4l', '5l', '6l', '7l']
var nthWeekdays = flatten(map(range(0, 8), day => map(range(1, 5), nth => '${day}#${nth}')))
var weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
var months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

@description('Whether the text is not empty, and has these characters only.')
func isOf(text string, characters string) bool =>
  !empty(text) && empty(filter(range(0, length(text)), at => !contains(characters, substring(text, at, 1))))

@description('Whether the text is an id of Entra ID or of a subscription.')
func isGuid(text string) bool =>
  !contains(
    [
      isOf(toLower(text), '${digits}abcdef-')
      join(map(split(text, '-'), part => string(length(part))), ' ') == '8 4 4 4 12'
    ],
    false
  )

@description('Whether the text is a number from the least to the most, or one of the names.')
func isValue(text string, least int, most int, names string[]) bool =>
  isOf(text, digits) && length(text) < 4 ? int(text) >= least && int(text) <= most : contains(names, toLower(text))

@description('Whether the first of two numbers is not greater than the last; names may stand in any order.')
func isInOrder(first string, last string) bool =>
  isOf(first, digits) && isOf(last, digits) && length(first) < 4 && length(last) < 4 ? int(first) <= int(last) : true

@description('Whether the text is a star, a value, or two with a hyphen between them.')
func isSpan(text string, least int, most int, names string[]) bool =>
  text == '*' || !contains(
    [
      length(split(text, '-')) < 3
      empty(filter(split(text, '-'), value => !isValue(value, least, most, names)))
      isInOrder(split(text, '-')[0], split(text, '-')[?1] ?? '')
    ],
    false
  )

@description('Whether the text is a span, perhaps with a step behind a slash.')
func isPart(text string, least int, most int, names string[]) bool =>
  !contains(
    [
      length(split(text, '/')) < 3
      isSpan(split(text, '/')[0], least, most, names)
      isValue(split(text, '/')[?1] ?? '1', 1, 999, [])
    ],
    false
  )

@description('Whether the text is a field of a schedule: parts with commas between them.')
func isField(text string, least int, most int, names string[]) bool =>
  empty(filter(split(text, ','), part => !isPart(part, least, most, names)))

@description('Whether the fields are minute, hour, day, month and day of the week, where the last two lists have names for days.')
func areFields(fields string[], lastWeekday int, daysOfMonth string[], daysOfWeek string[]) bool =>
  !contains(
    [
      length(fields) == 5
      isField(fields[?0] ?? '', 0, 59, [])
      isField(fields[?1] ?? '', 0, 23, [])
      isField(fields[?2] ?? '', 1, 31, daysOfMonth)
      isField(fields[?3] ?? '', 1, 12, months)
      isField(fields[?4] ?? '', 0, lastWeekday, daysOfWeek)
    ],
    false
  )

@description('Whether the text is an NCRONTAB expression with seconds: the same with seconds first, and Sunday as 0 only.')
func isTickSchedule(text string) bool =>
  !contains(
    [
      isField(split(text, ' ')[0], 0, 59, [])
      areFields(skip(split(text, ' '), 1), 6, [], weekdays)
    ],
    false
  )

@description('Whether the text is a cron expression of five fields.')
func isCron(text string) bool => areFields(split(text, ' '), 7, lastDay, concat(weekdays, lastWeekdays, nthWeekdays))

@description('Whether the text is the name of a blob container.')
func isContainer(text string) bool =>
  !contains(
    [
      isOf(text, '${letters}${digits}-')
      !contains(text, '--')
      !startsWith(text, '-')
      !endsWith(text, '-')
    ],
    false
  )

@description('Whether names of secrets may begin with the text.')
func isPrefix(text string) bool =>
  !contains(
    [
      isOf(toLower(text), '${letters}${digits}-')
      !startsWith(text, '-')
    ],
    false
  )

@description('Whether the text is one e-mail address.')
func isAddress(text string) bool =>
  !contains(
    [
      isOf(toLower(text), '${letters}${digits}@.!#$%&*+-/=?^_`{|}~')
      length(split(text, '@')) == 2
      !empty(split(text, '@')[0])
      length(split(split(text, '@')[?1] ?? '', '.')) > 1
      !contains(split(split(text, '@')[?1] ?? '', '.'), '')
    ],
    false
  )

@description('Whether the text is an https address, with a host in it that anybody can reach without a password.')
func isHttps(text string) bool =>
  !contains(
    [
      startsWith(toLower(text), 'https://')
      isOf(toLower(split(text, '/')[?2] ?? ''), '${letters}${digits}-.:')
      !contains(text, ' ')
    ],
    false
  )

@description('Whether the text is the resource id of a storage account.')
func isStorageAccount(text string) bool =>
  !contains(
    [
      length(split(text, '/')) == 9
      isGuid(split(text, '/')[?2] ?? '')
      !empty(split(text, '/')[?4] ?? '')
      isOf(split(text, '/')[?8] ?? '', '${letters}${digits}')
      startsWith(toLower(text), '/subscriptions/')
      toLower(split(text, '/')[?3] ?? '') == 'resourcegroups'
      toLower(join(take(skip(split(text, '/'), 5), 3), '/')) == 'providers/microsoft.storage/storageaccounts'
    ],
    false
  )

@description('Whether the text is the first day of a month, as 2027-01-01.')
func isFirstOfMonth(text string) bool =>
  !contains(
    [
      length(text) == 10
      endsWith(text, '-01')
      isOf(split(text, '-')[0], digits)
      isValue(split(text, '-')[?1] ?? '', 1, 12, [])
    ],
    false
  )

@description('Whether the text is an IPv4 address.')
func isIp(text string) bool =>
  length(split(text, '.')) == 4 && empty(filter(split(text, '.'), part => !isValue(part, 0, 255, [])))

@description('Whether the text is a range of addresses with a prefix from the least to the most.')
func isRange(text string, least int, most int) bool =>
  !contains(
    [
      length(split(text, '/')) == 2
      isIp(split(text, '/')[0])
      isValue(split(text, '/')[?1] ?? '', least, most, [])
    ],
    false
  )

@description('Whether the text is addresses and ranges. Storage refuses ranges of one or two addresses.')
func areAddresses(text string) bool =>
  empty(filter(map(split(text, ','), each => trim(each)), each => !(isIp(each) || isRange(each, 0, 30))))

@description('Whether the text begins with the id of a resource group.')
func isInGroup(text string) bool =>
  !contains(
    [
      startsWith(toLower(text), '/subscriptions/')
      isGuid(split(text, '/')[?2] ?? '')
      toLower(split(text, '/')[?3] ?? '') == 'resourcegroups'
      !empty(split(text, '/')[?4] ?? '')
    ],
    false
  )

@description('Whether the text is the id of a resource group.')
func isGroup(text string) bool => length(split(text, '/')) == 5 && isInGroup(text)

@description('Whether the text is the id of a subnet.')
func isSubnet(text string) bool =>
  !contains(
    [
      length(split(text, '/')) == 11
      isInGroup(text)
      toLower(join(take(skip(split(text, '/'), 5), 3), '/')) == 'providers/microsoft.network/virtualnetworks'
      toLower(split(text, '/')[?9] ?? '') == 'subnets'
    ],
    false
  )

@export()
@description('Returns the sentences about parameters that cannot be deployed, or nothing.')
func refusals(given looked, timeZones string[]) string[] =>
  map(
    filter(
      [
        {
          fits: isTickSchedule(given.tickSchedule)
          sentence: 'tickSchedule must have six fields (second, minute, hour, day, month, day of the week), such as "0 * * * * *".'
        }
        {
          fits: given.authMode != 'entra' || isGuid(given.entraClientId)
          sentence: 'authMode is entra, so entraClientId must be the application (client) id of the app registration.'
        }
        {
          fits: empty(given.entraTenantId) || isGuid(given.entraTenantId)
          sentence: 'entraTenantId must be the id of a tenant, or empty for the tenant of the subscription.'
        }
        {
          fits: empty(given.alertEmail) || isAddress(given.alertEmail)
          sentence: 'alertEmail must be one e-mail address, or empty.'
        }
        {
          fits: empty(given.alertWebhook) || isHttps(given.alertWebhook)
          sentence: 'alertWebhook must be an https address, or empty.'
        }
        {
          fits: !given.successNotes || !empty('${given.alertEmail}${given.alertWebhook}')
          sentence: 'successNotes are sent to alertEmail or alertWebhook: give one of the two.'
        }
        {
          fits: given.budgetAmount == 0 || !empty('${given.alertEmail}${given.alertWebhook}')
          sentence: 'budgetAmount raises an alert that goes to alertEmail or alertWebhook: give one of the two.'
        }
        {
          fits: given.budgetAmount == 0 || isFirstOfMonth(given.budgetStart)
          sentence: 'budgetAmount is given, so budgetStart must be the first day of a month, such as 2027-01-01.'
        }
        {
          fits: !given.zoneRedundant || given.storageSku == 'Standard_ZRS'
          sentence: 'zoneRedundant needs storage in all zones as well: give storageSku as Standard_ZRS.'
        }
        {
          fits: given.network == 'restricted' || empty(given.allowedAddresses)
          sentence: 'allowedAddresses opens a restricted network: give network as restricted, or leave it empty.'
        }
        {
          fits: empty(given.allowedAddresses) || areAddresses(given.allowedAddresses)
          sentence: 'allowedAddresses must be IPv4 addresses, or ranges up to /30 such as 203.0.113.0/24, with commas between them.'
        }
        {
          fits: isRange(given.addressSpace, 8, 25)
          sentence: 'addressSpace must be a range of at least 128 IPv4 addresses, such as 10.83.0.0/24.'
        }
        {
          fits: given.network != 'public' || empty('${given.appSubnetId}${given.endpointsSubnetId}${given.dnsZonesGroupId}')
          sentence: 'appSubnetId, endpointsSubnetId and dnsZonesGroupId are for a network that is not public: give network as restricted or private.'
        }
        {
          fits: !contains(
            map(filter([given.appSubnetId, given.endpointsSubnetId], id => !empty(id)), id => isSubnet(id)),
            false
          )
          sentence: 'appSubnetId and endpointsSubnetId must be resource ids of subnets (/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/…), or empty.'
        }
        {
          fits: given.network != 'private' || empty(given.appSubnetId) == empty(given.endpointsSubnetId)
          sentence: 'With network private, give both appSubnetId and endpointsSubnetId, or neither.'
        }
        {
          fits: given.network == 'private' || empty('${given.endpointsSubnetId}${given.dnsZonesGroupId}')
          sentence: 'endpointsSubnetId and dnsZonesGroupId are for private endpoints: give network as private, or leave them empty.'
        }
        {
          fits: empty(given.dnsZonesGroupId) || isGroup(given.dnsZonesGroupId)
          sentence: 'dnsZonesGroupId must be the resource id of a resource group (/subscriptions/…/resourceGroups/…), or empty.'
        }
        {
          fits: given.network == 'private' || !given.privateApp
          sentence: 'privateApp puts the app behind a private endpoint: give network as private.'
        }
        {
          fits: empty(given.existingSegmentsAccountId) || isStorageAccount(given.existingSegmentsAccountId)
          sentence: 'existingSegmentsAccountId must be the resource id of a storage account (/subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/…), or empty.'
        }
        {
          fits: empty(given.existingSegmentsAccountId) || !given.segmentsSharedKey
          sentence: 'segmentsSharedKey is for a new segments account, and existingSegmentsAccountId names one that exists: give one of the two.'
        }
        {
          fits: given.network != 'private' || !given.segmentsSharedKey
          sentence: 'segmentsSharedKey lets Customer Insights in from the internet, which a private network closes: give its account as existingSegmentsAccountId.'
        }
        {
          fits: empty(given.packageUri) || isHttps(given.packageUri)
          sentence: 'packageUri must be an https address, or empty.'
        }
        {
          fits: isContainer(given.segmentsContainer)
          sentence: 'segmentsContainer must be the name of a blob container: lower-case letters and digits, with single hyphens between them.'
        }
        {
          fits: empty(given.refreshSchedule) || isCron(given.refreshSchedule)
          sentence: 'refreshSchedule must be a cron expression of five fields, such as "0 6 * * *", or empty.'
        }
        {
          fits: contains(timeZones, given.refreshTimeZone)
          sentence: 'refreshTimeZone must be the name of a time zone, such as Europe/Kyiv.'
        }
        {
          fits: isPrefix(given.secretsPrefix)
          sentence: 'secretsPrefix must have letters, digits and hyphens only, and begin with a letter or a digit.'
        }
      ],
      each => !each.fits
    ),
    each => each.sentence
  )
