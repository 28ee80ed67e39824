// The simulator: a made-up company for trying, testing and showing, and the example company of the first start.
export { exampleCompany } from './example.ts';
export type { SimulateOptions } from './options.ts';
export { parsePlant } from './plant.ts';
export { simulate } from './simulate.ts';
export { truth } from './truth.ts';
