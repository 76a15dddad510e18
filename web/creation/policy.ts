/** The standard policy's document for a kind of data, to the letter: `ContributionPolicy.Standard`; a test holds the two together. */
export const standardPolicy = (schema: string): string => `{
  "version": 1,
  "schema": ${JSON.stringify(schema)},
  "required": [
    "authenticity",
    "uniqueness",
    "quality"
  ],
  "minimumLevel": "structure",
  "weights": {
    "wallet": 0,
    "structure": 250,
    "account_code": 700,
    "sign_in": 800,
    "email": 850,
    "fetched": 1000,
    "openid": 900
  },
  "thresholds": {
    "authoredRows": 19,
    "authoredPercent": 10,
    "authoredTolerated": 2,
    "historyRows": 3,
    "textsPercent": 10,
    "textsTolerated": 3,
    "offCurvePermille": 50,
    "minimumRows": 1,
    "maxPointsPerVerdict": "100000000000",
    "maxPointsPerCluster": "100000000000"
  },
  "refuseFailedProofs": true,
  "reweighting": false,
  "sources": {
    "email": [],
    "accountCode": [],
    "signIn": [],
    "download": [],
    "openId": []
  }
}`;
