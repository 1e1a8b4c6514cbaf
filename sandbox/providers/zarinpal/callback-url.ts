/** What the return of a buyer claims; NOK stands for failed and cancelled alike. */
export type CallbackStatus = 'OK' | 'NOK';

/** How the two parameter names are written; shops must read them in any case. */
export type ParameterCase = 'usual' | 'lower' | 'upper';

/** The shop's callback URL with `Authority` and `Status` added; its own query and fragment are kept. */
export function callbackUrl(
  base: string,
  authority: string,
  status: CallbackStatus,
  parameterCase: ParameterCase = 'usual',
): string {
  const [beforeFragment = '', ...fragment] = base.split('#');
  const joint = beforeFragment.includes('?') ? '&' : '?';
  const query = `${spelt('Authority', parameterCase)}=${authority}&${spelt('Status', parameterCase)}=${status}`;
  return [beforeFragment + joint + query, ...fragment].join('#');
}

function spelt(name: string, parameterCase: ParameterCase): string {
  if (parameterCase === 'lower') return name.toLowerCase();
  return parameterCase === 'upper' ? name.toUpperCase() : name;
}
