/** How a property of a section comes from its environment variable. */
export interface SettingOptions {
  /** The variable's name when it is not the property's name in UPPER_SNAKE_CASE. */
  readonly variable?: string;
  /** Never shown in problems or logs, may come from `NAME_FILE`, and in production its default is refused. */
  readonly secret?: true;
  /** Needed where the property has no default, because the kind is otherwise that of the default. A list has its entries separated by commas or line breaks. */
  readonly kind?: 'text' | 'number' | 'flag' | 'list';
  /** What `.env.example` shows where there is no default. */
  readonly example?: string;
  /** Why this value may not be used in production; undefined when it may. */
  readonly unsafeInProduction?: (value: unknown) => string | undefined;
}

/** One property of a section as declared by {@link Setting}. */
export interface DeclaredSetting extends SettingOptions {
  readonly property: string;
  readonly variable: string;
  /** One sentence for `.env.example` and `docs/configuration.md`. */
  readonly sentence: string;
}

const declared = new Map<object, DeclaredSetting[]>();

/**
 * Declares that a property comes from the environment, with one sentence that says what it does. The property's
 * initial value is its default; without one it is required unless it is also `@IsOptional()`.
 */
export function Setting(sentence: string, options: SettingOptions = {}): PropertyDecorator {
  return (prototype, property) => {
    const settings = declared.get(prototype) ?? [];
    const name = String(property);
    settings.push({ ...options, property: name, variable: options.variable ?? variableName(name), sentence });
    declared.set(prototype, settings);
  };
}

/** The settings of a section, in the order of the class. */
export function settingsOf(Section: new () => object): readonly DeclaredSetting[] {
  return declared.get(Section.prototype) ?? [];
}

function variableName(property: string): string {
  return property.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
