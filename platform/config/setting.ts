/** How a property of a section comes from its environment variable. */
export interface SettingOptions {
  /** The name of the variable, when it is not the property's name in UPPER_SNAKE_CASE. */
  readonly variable?: string;
  /** Never shown in problems or logs. May come from `NAME_FILE`. Its default is refused in production. */
  readonly secret?: true;
  /** Needed only where there is no default to tell the kind. Entries of a list are separated by commas or line breaks. */
  readonly kind?: 'text' | 'number' | 'flag' | 'list';
  /** Shown in `.env.example` when there is no default. */
  readonly example?: string;
  /** Returns why this value must not be used in production; undefined when it may be. */
  readonly unsafeInProduction?: (value: unknown) => string | undefined;
}

/** A property of a section that {@link Setting} declared. */
export interface DeclaredSetting extends SettingOptions {
  readonly property: string;
  readonly variable: string;
  /** One sentence for `.env.example` and `docs/configuration.md`. */
  readonly sentence: string;
}

const declared = new Map<object, DeclaredSetting[]>();

/**
 * Declares that a property is read from the environment, with one sentence that says what it does. The initial value is the
 * default; without one the setting is required, unless it is also `@IsOptional()`.
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
