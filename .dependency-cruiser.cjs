// The rooms of the house, as rules: a package is defined by what it may import. A new package needs a new rule here.
const inside = (name) => `^packages/${name}/`;
const packagesBut = (...names) => `^packages/(?!(${names.join('|')})/)`;

/** A rule that forbids a package every other package and service except the named ones. */
const mayImport = (name, ...allowed) => ({
  name: `${name}-may-import-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: inside(name) },
  to: { path: [packagesBut(name, ...allowed), '^services/', '^test/'] },
});

module.exports = {
  forbidden: [
    mayImport('runtime'),
    mayImport('contracts'),
    mayImport('core', 'contracts'),
    mayImport('transport', 'contracts', 'runtime'),
    mayImport('storage', 'contracts', 'runtime'),
    {
      name: 'services-import-packages-never-another-service',
      severity: 'error',
      from: { path: '^services/(?!local/)([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'what-we-decide-is-pure',
      comment: 'core and contracts have no clock, no randomness, no I/O: no module of Node, save in tests',
      severity: 'error',
      from: { path: '^packages/(core|contracts)/src/', pathNot: '[.]test[.]ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'natural-by-subpath',
      comment: 'the root import costs most of a second, 160 MB, and reads .env',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/natural/lib/natural/index[.]js$' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-missing-modules', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
    combinedDependencies: true,
  },
};
