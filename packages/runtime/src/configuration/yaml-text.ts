// Values as YAML that people would have written.
import { Document, isCollection, visit } from 'yaml';

/** Maps inside of `flowDepth` other maps and lists stand on one line each. */
export function yamlText(value: unknown, flowDepth: number): string {
  const document = new Document(value);
  visit(document, {
    Map(_, node, path) {
      if (path.filter(isCollection).length >= flowDepth) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
