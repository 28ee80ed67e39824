// Values as YAML that people would have written.
import { Document, isCollection, isSeq, visit } from 'yaml';

/** Maps inside of `flowDepth` other maps and lists stand on one line each, save the elements of lists. */
export function yamlText(value: unknown, flowDepth: number): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Map(_, node, path) {
      if (path.filter(isCollection).length >= flowDepth && !isSeq(path.at(-1))) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}
