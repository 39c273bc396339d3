import { parseArgs } from 'node:util';
import { importFolder } from './import-folder.ts';
import { type FoundFolder, findFolders } from './read-folder.ts';

const usage = `pnpm flotilla import <folder>… [options]

Moves Baileys multi-file auth folders into a fleet: the numbers need no new QR code. A folder without creds.json
stands for the folders in it that have one.

  --api URL         the gateway; else FLOTILLA_URL, else http://127.0.0.1:8080
  --key KEY         a tenant's API key; better in FLOTILLA_API_KEY, where no process list shows it
  --name NAME       of the new instance; else, with several folders, the folder's name, else what the account is called
  --alias ALIAS     of the new instance
  --folder-aliases  the alias of each is its folder's name
  --instance ID     into this instance, which no phone is linked to
  --connect         connect at once
  --yes             also what was changed within the last minute
  --dry-run         check the folders and send nothing

Stop the service that has used the folders before, and never start it with them again.`;

const options = {
  api: { type: 'string' },
  key: { type: 'string' },
  name: { type: 'string' },
  alias: { type: 'string' },
  instance: { type: 'string' },
  'folder-aliases': { type: 'boolean', default: false },
  connect: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @returns the exit code: 0 if all were imported, 1 if some were not, 2 if the command was wrong */
async function main(): Promise<number> {
  const wrong = (why: string) => {
    console.error(`${why}\n\n${usage}`);
    return 2;
  };
  const parsed = parse(process.argv.slice(2));
  if (typeof parsed === 'string') return wrong(parsed);
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [command, ...paths] = positionals;
  if (command !== 'import') return wrong(command === undefined ? 'No command' : `There is no command ${command}`);
  if (paths.length === 0) return wrong('No folder');
  const key = values.key ?? process.env.FLOTILLA_API_KEY ?? '';
  const dryRun = values['dry-run'];
  if (key === '' && !dryRun) return wrong('No API key: set FLOTILLA_API_KEY');

  const folders: FoundFolder[] = [];
  for (const path of paths) {
    try {
      folders.push(...(await findFolders(path)));
    } catch (error) {
      return wrong(error instanceof Error ? error.message : String(error));
    }
  }
  const isOne = folders.length === 1;
  if (!isOne && (values.name ?? values.alias ?? values.instance) !== undefined)
    return wrong('--name, --alias and --instance go with one folder');

  if (!dryRun) console.error('The service that has used these folders must be stopped, and must stay so.');
  let code = 0;
  for (const { path, name } of folders) {
    const { result, text } = await importFolder(path, {
      api: values.api ?? process.env.FLOTILLA_URL ?? 'http://127.0.0.1:8080',
      key,
      name: values.name ?? (isOne ? undefined : name),
      alias: values.alias ?? (values['folder-aliases'] ? name : undefined),
      instance: values.instance,
      connect: values.connect,
      yes: values.yes,
      dryRun,
    });
    console.log(`${result.padEnd(8)}  ${path}  ${text}`);
    if (result === 'refused' || result === 'failed') code = 1;
  }
  return code;
}

process.exitCode = await main();
