/** What is used of cronstrue. Its languages come without types; loading one adds it to the module. */
declare module "cronstrue" {
  const cronstrue: {
    toString(cron: string, options: { locale: string; use24HourTimeFormat: boolean }): string;
  };
  export default cronstrue;
}
declare module "cronstrue/locales/uk";
