/** The regions that libphonenumber knows, and so `phone_region` of an export takes. */
const REGIONS =
  "AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW".split(
    " ",
  );

export type Region = { code: string; name: string };

/** Return every region by its name in *locale*, in the order of that language. */
export function regionsIn(locale: string): Region[] {
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const order = new Intl.Collator(locale);
  return REGIONS.map((code) => ({ code, name: names.of(code) ?? code })).sort((one, other) =>
    order.compare(one.name, other.name),
  );
}

/** Return the regions whose name or code *text* begins, or that have it in their name. */
export function searchRegions(regions: readonly Region[], text: string): Region[] {
  const wanted = text.trim().toLocaleLowerCase();
  const places = regions.map((region) => ({
    region,
    place: region.code.toLowerCase() === wanted ? 0 : region.name.toLocaleLowerCase().indexOf(wanted),
  }));
  return places
    .filter(({ place }) => place >= 0)
    .sort((one, other) => one.place - other.place)
    .map(({ region }) => region);
}
