// A request filed by the client that openapi-fetch and openapi-typescript make of our description.
import createClient from "openapi-fetch";
import type { components, paths } from "./budgetpool.js";

declare const process: { argv: string[] };

const [server, id, secret] = process.argv.slice(2);
const asked = await fetch(`${server}/oauth/token`, {
  method: "POST",
  headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
  body: new URLSearchParams({ grant_type: "client_credentials" }),
});
const { access_token } = (await asked.json()) as components["schemas"]["AccessToken"];
const client = createClient<paths>({
  baseUrl: server,
  headers: { Authorization: `Bearer ${access_token}` },
});

const { data: sandbox } = await client.GET("/sandbox");
if (!sandbox) throw new Error("no sandbox");
const { trainingId, editionId } = sandbox.editions[0];

function filing(reference: string, birthDate: string): components["schemas"]["FilingRequest"] {
  return {
    regionCode: sandbox!.regionCode,
    reference,
    worker: {
      name: "Ana Silva",
      birthDate,
      email: "ana@sandbox.invalid",
      municipality: sandbox!.municipality,
      language: "nl",
      contract: "agency",
      sector: "H",
      education: "mbo2",
      trainingHoursTwoYears: 0,
      hasStudyFinance: false,
    },
    consent: {
      agreedAt: new Date(Date.now() - 3_600_000).toISOString(),
      way: "spoken",
      textVersion: "2026-1",
    },
    goal: "Chauffeur worden",
    choices: [{ trainingId, editionId }],
  };
}

function send(body: components["schemas"]["FilingRequest"], key: string) {
  const header = { "Idempotency-Key": key };
  return client.POST("/training-requests", { body, params: { header } });
}

const body = filing("ts-1", "1990-03-04");
const first = await send(body, "one-and-the-same");
const again = await send(body, "one-and-the-same");
const wrong = await send(filing("ts-2", "1890-03-04"), crypto.randomUUID());
const unknown = await client.GET("/training-requests/{requestId}", {
  params: { path: { requestId: 999_999 } },
});
console.log(
  JSON.stringify({
    filed: first.response.status,
    again: again.response.headers.get("Idempotency-Replayed"),
    refused: wrong.error?.errors?.[0].location?.pointer,
    unknown: unknown.response.status,
  }),
);
