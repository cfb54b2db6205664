// SPDX-License-Identifier: MIT
//
// Sends one message with a vendor's own client, so that a test can compare what the plugin
// sends: phone_sdk.js MODULES KIND URL < parameters as JSON. URL stands for the vendor's hosts.
"use strict";
const { createRequire } = require("module");
const fs = require("fs");
const path = require("path");

const [modules, kind, url] = process.argv.slice(2);
const load = createRequire(path.join(modules, "here.js"));
const given = JSON.parse(fs.readFileSync(0, "utf8"));

function twilioClient() {
  const twilio = load("twilio");
  const http = new twilio.RequestClient();
  const redirected = {
    request: (options) =>
      http.request({ ...options, uri: options.uri.replace("https://api.twilio.com", url) }),
  };
  return twilio(given.user, given.secret, { accountSid: given.account, httpClient: redirected });
}

const kinds = {
  "twilio-message": () => twilioClient().messages.create(given.message),
  "twilio-call": () => twilioClient().calls.create(given.call),
  "vonage-message": () => {
    const { SMS } = load("@vonage/sms");
    const { Auth } = load("@vonage/auth");
    const auth = new Auth({ apiKey: given.user, apiSecret: given.secret });
    return new SMS(auth, { restHost: url }).send(given.message);
  },
};

kinds[kind]().then(
  () => process.exit(0),
  (error) => {
    console.error(String(error));
    process.exit(1);
  },
);
