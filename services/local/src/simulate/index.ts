// The simulator: a made-up company for trying, testing and showing, and the example company of the first start.
export { byArrival } from './arrival.ts';
export { type ExampleCompany, exampleCompany } from './example.ts';
export type { SimulateOptions } from './options.ts';
export { type Plant, parsePlant } from './plant.ts';
export { simulate } from './simulate.ts';
export { type Truth, truth } from './truth.ts';
