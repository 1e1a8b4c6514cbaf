import { ALL_PLACES, roomOf, shapeOf, TABLE, type Place, type Row } from './import-table';
import { otherThan, type Allowed } from './other-than';

/** Where the fences are: a configuration that `.oxlintrc.json` extends. */
export const FENCES_FILE = '.oxlintrc.fences.json';

interface Pattern {
  readonly regex: string;
  readonly allowTypeImports?: true;
  readonly message: string;
}

const ROOMS = [...new Set(ALL_PLACES.map((place) => shapeOf(place).room))].filter((room) => room !== 'test');
/** A pattern names the room right after the chain of `../`: a folder of the same name inside a room is left alone. */
const UP = '^(\\.\\./)+';

/** The content of {@link FENCES_FILE}: an override for each row of the import table. */
export function renderFences(): string {
  // A later override replaces the whole rule for its files, so api/main.ts comes after api/.
  const overrides = TABLE.filter((row) => row.name !== 'test').map((row) => ({
    files: [row.name.endsWith('.ts') ? row.name : `${row.name}/**`],
    rules: { 'typescript/no-restricted-imports': ['error', { patterns: patternsOf(row) }] },
  }));
  const text = { $schema: './node_modules/oxlint/configuration_schema.json', overrides };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

function patternsOf(row: Row): Pattern[] {
  const others = ROOMS.filter((room) => room !== roomOf(row));
  const closed = others.filter((room) => placesOf(room).every((place) => !isOpen(row, place)));
  return [
    { regex: `${UP}(${closed.join('|')})(/|$)`, message: reason(row, 'rooms') },
    ...others.filter((room) => !closed.includes(room)).flatMap((room) => partsOf(row, room)),
    ...packagesOf(row),
    { regex: `${UP}test(/|$)`, message: 'Nothing that ships imports test/.' },
  ];
}

/** The patterns for a room of which a row may import something. */
function partsOf(row: Row, room: string): Pattern[] {
  const [rest, ...parts] = placesOf(room) as [Place, ...Place[]];
  if (row.value.includes(rest)) return [];
  if (row.type.includes(rest)) {
    const regex = outside(
      room,
      parts.filter((part) => row.value.includes(part)),
    );
    return [{ regex, allowTypeImports: true, message: reason(row, rest) }];
  }
  const open = parts.filter((part) => isOpen(row, part));
  const typesOnly = open.filter((part) => row.type.includes(part));
  return [
    { regex: outside(room, open), message: reason(row, rest) },
    ...typesOnly.map((part): Pattern => ({
      regex: inside(part),
      allowTypeImports: true,
      message: reason(row, part),
    })),
  ];
}

/** Everything in a room but these parts of it, which are all of one kind. */
function outside(room: string, parts: readonly Place[]): string {
  const shapes = parts.map((place) => shapeOf(place).part!);
  const endings = shapes.flatMap((part) => ('ending' in part ? [exactly(part.ending)] : []));
  const folders = shapes.flatMap((part) =>
    'folder' in part ? [{ text: part.folder, follows: 'path' } as const] : [],
  );
  const files = shapes.flatMap((part) => ('file' in part ? [exactly(part.file)] : []));
  if (endings.length > 0) {
    const other = otherThan(endings, { stopAt: './', rest: '[^./]*$' });
    return `${UP}${room}((/[^./]+)*/?$|/.*\\.${other})`;
  }
  if (folders.length > 0) return `${UP}${room}(/?$|/${otherThan(folders)})`;
  if (files.length > 0) return `${UP}${room}(/?$|/[^/]+/?$|/[^/]+/${otherThan(files)})`;
  return `${UP}${room}(/|$)`;
}

function inside(place: Place): string {
  const { room, part } = shapeOf(place);
  if (!part || !('ending' in part)) throw new Error(`types of ${place} alone: say here how to match it`);
  return `${UP}${room}/.*\\.${part.ending}$`;
}

function packagesOf(row: Row): Pattern[] {
  const { packages } = row;
  if (packages === 'any') return [];
  const message = reason(row, 'packages');
  if ('only' in packages) {
    const relative: Allowed = { text: '.', follows: 'anything' };
    return [{ regex: `^${otherThan([relative, ...packages.only.map(packageName)])}`, message }];
  }
  const scope = packages.anyBut.slice(0, -1);
  const except = (packages.except ?? []).map((name) => packageName(name.slice(scope.length)));
  return [{ regex: `^${scope}${except.length > 0 ? otherThan(except) : ''}`, message }];
}

function packageName(name: string): Allowed {
  return name.endsWith('*')
    ? { text: name.slice(0, -1), follows: 'anything' }
    : { text: name, follows: 'path' };
}

const exactly = (text: string): Allowed => ({ text, follows: 'end' });

/** The places of a room, its rest first. */
function placesOf(room: string): Place[] {
  return ALL_PLACES.filter((place) => shapeOf(place).room === room);
}

function isOpen(row: Row, place: Place): boolean {
  return row.value.includes(place) || row.type.includes(place);
}

function reason(row: Row, about: keyof Row['because']): string {
  const text = row.because[about];
  if (text === undefined) throw new Error(`the row of ${row.name} gives no reason for ${about}`);
  return text;
}
