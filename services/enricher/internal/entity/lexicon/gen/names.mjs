// Prints the given names and surnames of all locales of @faker-js/faker as JSON;
// the argument is the path of the package's index.js.
const { allLocales } = await import(process.argv[2]);
const flat = (part) =>
  [...new Set(["generic", "female", "male"].flatMap((k) => part?.[k] ?? []).map((v) => v.value ?? v))].sort();
const out = {};
for (const [locale, data] of Object.entries(allLocales)) {
  out[locale] = { given: flat(data.person?.first_name), surname: flat(data.person?.last_name) };
}
console.log(JSON.stringify(out));
