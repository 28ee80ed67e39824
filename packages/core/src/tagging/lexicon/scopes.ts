// Words that decide how what stands beside them is read, in the seven languages. Written without apostrophes, as the
// scanner reads them: "don't" is "dont".

export const negations: readonly string[] = [
  'not no never none nobody nothing neither nor without hardly barely cannot cant dont doesnt didnt isnt wasnt arent',
  'werent wont wouldnt couldnt shouldnt hasnt havent hadnt aint',
  'nicht kein keine keinen keinem keiner nie niemals ohne nichts',
  'pas jamais aucun aucune sans rien',
  'nunca jamás jamas sin ningún ningun ninguna nada tampoco',
  'não nao sem nenhum nenhuma jamais',
  'non mai senza nessun nessuna niente',
  'niet geen nooit zonder niets',
].flatMap((line) => line.split(' '));

export const contrasts: readonly string[] =
  'but however though although aber jedoch allerdings doch mais cependant pourtant pero aunque mas porém porem però pero maar echter'.split(
    ' ',
  );

/** A text of nothing else answers a question and says nothing of a feeling. */
export const answers: readonly string[] =
  'ok okay k no nope yes yep yeah none n a na nothing maybe not sure idea nein ja vielleicht oui non sí si sim não sì nee misschien'.split(
    ' ',
  );
