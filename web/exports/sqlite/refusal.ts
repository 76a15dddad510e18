import { ExportRefused } from "../refusal.ts";

export const damaged = (name: string, what: string): ExportRefused => new ExportRefused(
  "export.sqlite", `${name} ${what}.`, "Close the program that writes this database, copy the file again and pass the copy.");

export const wrongSchema = (name: string, what: string): ExportRefused => new ExportRefused(
  "export.sqlite_schema", `${name} ${what}.`, "Pass the database as its program wrote it; if that is new, update this program.");
