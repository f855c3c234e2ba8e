// Lets node load the source of TimelineJS, whose imports name no extensions and style
// sheets too.
export async function resolve(specifier, context, next) {
  if (specifier.endsWith('.less')) return { url: 'data:text/javascript,', shortCircuit: true };
  const inside = context.parentURL?.includes('/timelinejs/src/') && specifier.startsWith('.');
  return next(inside && !specifier.endsWith('.js') ? specifier + '.js' : specifier, context);
}

export async function load(url, context, next) {
  return next(url, url.includes('/timelinejs/src/') ? { ...context, format: 'module' } : context);
}
