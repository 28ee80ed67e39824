// Values as YAML that people would have written.
import { Document, visit } from 'yaml';

/** Maps below `flowDepth` other maps and lists stand on one line each. */
export function yamlText(value: unknown, flowDepth: number): string {
  const document = new Document(value);
  visit(document, {
    Map(_, node, path) {
      if (path.filter((parent) => 'items' in parent).length >= flowDepth) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
