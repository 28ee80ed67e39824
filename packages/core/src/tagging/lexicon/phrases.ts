// What customers say of their issues and of the effort they had, as phrases in the seven languages. A phrase is words
// in a row; the reader of a text finds all of them in one pass. `…` stands for up to three words in between.

export type PhraseMeaning =
  | 'raised'
  | 'resolved'
  | 'says-unresolved'
  | 'repeat-contact'
  | 'no-reply'
  | 'promise-broken'
  | 'reopened'
  | 'transfer'
  | 'channel-switch'
  | 'repeated-information';

export const phrases: Readonly<Record<PhraseMeaning, string>> = {
  raised: `
not working|doesn't work|does not work|didn't work|did not work|won't work|stopped working|isn't working|not functioning
can't … log in|can not|cannot|unable to|broken|is down|error|errors|a problem|problem with|problems with|an issue|issue with|issues with
failed|fails|crashes|crashed|crashing|freezes|missing|wrong item|wrong product|wrong address|wrong amount|incorrect|damaged|defective|faulty
late|delayed|delay|overdue|lost my|lost in|never arrived|not arrived|hasn't arrived|didn't arrive|not received|never received|didn't receive|haven't received
charged twice|double charged|overcharged|charged me|refund|money back|complaint|complain|compensation|please help|need help|help me|can you help|could you help
where is my|what happened to|want to cancel|would like to cancel|cancel my|declined|stuck|rejected|stolen|blocked|locked out|not possible to|waiting for|i waited
funktioniert nicht|geht nicht|kaputt|defekt|fehler|problem|fehlt|falsch|verspätet|nicht angekommen|nicht erhalten|rückerstattung|beschwerde|bitte helfen|wo ist|kündigen|reklamation|beschädigt|kann … nicht|warte
ne fonctionne pas|ne marche pas|cassé|en panne|erreur|problème|manque|en retard|pas arrivé|pas reçu|remboursement|réclamation|aidez moi|où est|résilier|endommagé|impossible de|j'attends
no funciona|roto|averiado|error|problema|falta|equivocado|retraso|no ha llegado|no he recibido|no llegó|reembolso|queja|reclamación|ayuda|dónde está|cancelar|dañado|no puedo|esperando
não funciona|avariado|erro|problema|falta|atraso|não chegou|não recebi|reembolso|reclamação|ajuda|onde está|cancelar|danificado|não consigo|à espera
non funziona|rotto|guasto|errore|problema|manca|sbagliato|ritardo|non è arrivato|non ho ricevuto|rimborso|reclamo|aiuto|dov'è|disdire|danneggiato|non riesco|aspetto
werkt niet|doet het niet|kapot|defect|fout|probleem|ontbreekt|verkeerd|te laat|vertraging|niet aangekomen|niet ontvangen|terugbetaling|klacht|help|waar is|opzeggen|beschadigd|kan niet|wacht op`,
  resolved: `
works now|working now|works again|working again|works fine now|is working fine|now works|fixed it|is fixed|been fixed|was fixed|got fixed|all fixed|is solved|been solved|was solved|problem solved
is resolved|been resolved|was resolved|got resolved|now resolved|all sorted|sorted now|is sorted|been sorted|got sorted|sorted out|all good now|that worked|it worked|did the trick|solved my|resolved my|fixed my|sorted my
finally arrived|has arrived|arrived today|refund received|received my refund|got my refund|got my money back|back to normal|no longer an issue|no longer a problem|up and running
funktioniert wieder|geht wieder|funktioniert jetzt|geht jetzt|gelöst|behoben|erledigt|endlich angekommen|geld zurück bekommen
fonctionne maintenant|marche maintenant|fonctionne à nouveau|résolu|réglé|réparé|enfin arrivé|été remboursé
ya funciona|funciona ahora|solucionado|resuelto|arreglado|por fin llegó|ya llegó|me devolvieron
já funciona|funciona agora|resolvido|solucionado|finalmente chegou|já chegou|fui reembolsado
ora funziona|adesso funziona|funziona di nuovo|risolto|sistemato|finalmente arrivato|è arrivato|stato rimborsato
werkt weer|werkt nu|doet het weer|opgelost|gerepareerd|eindelijk aangekomen|terugbetaald`,
  'says-unresolved': `
still not|still no|still doesn't|still does not|still don't|still isn't|still waiting|still broken|still have|still haven't|still hasn't|still can't|still cannot|still get|still getting|still the same|still unresolved|still happening|still missing|still wrong|still down|still won't|still nothing
not resolved|not been resolved|never resolved|unresolved|not fixed|not been fixed|never fixed|isn't fixed|not solved|not been solved|not sorted|wasn't resolved|wasn't fixed|didn't fix|did not fix|did not help|didn't help|doesn't help|no solution|no resolution|no progress|no improvement
same problem|same issue|same error|same thing again|happened again|happens again|happening again|broke again|broken again|down again|failed again|wrong again|late again|again not|back again|keeps happening|keep getting|keeps failing|keeps crashing|keeps breaking|yet to receive|not yet received|nothing has changed|nothing changed|nothing happened
immer noch|noch immer|weiterhin nicht|noch nicht|nicht gelöst|nicht behoben|ungelöst|schon wieder|erneut|das gleiche problem|dasselbe problem|keine lösung|hat nicht geholfen|wieder kaputt
toujours pas|encore pas|toujours rien|pas résolu|non résolu|pas réglé|encore une fois|même problème|aucune solution|toujours en panne|à nouveau en panne
todavía no|aún no|sigue sin|sigo sin|sigo esperando|no resuelto|sin resolver|sin solución|no solucionado|otra vez|de nuevo|mismo problema|no me ayudó
ainda não|ainda nao|continua sem|não resolvido|por resolver|sem solução|outra vez|de novo|mesmo problema|continuo à espera
ancora non|non ancora|non risolto|irrisolto|nessuna soluzione|di nuovo|ancora una volta|stesso problema|sto ancora aspettando
nog steeds|nog altijd|nog niet|niet opgelost|onopgelost|alweer|opnieuw|zelfde probleem|geen oplossing`,
  'repeat-contact': `
second time|third time|fourth time|fifth time|2nd time|3rd time|4th time|tenth time|again and again|several times|many times|multiple times|countless times|numerous times|so many times|called again|calling again|wrote again|writing again|asking again|contacted … again|every time i call|keep calling|keep asking|already contacted|already called|already wrote|already asked|already reported|as i said|chasing|chased
zum zweiten mal|zum dritten mal|zum vierten mal|mehrmals|mehrfach|schon oft|bereits … angerufen|bereits … geschrieben|immer wieder
deuxième fois|troisième fois|quatrième fois|plusieurs fois|à plusieurs reprises|déjà appelé|déjà écrit|déjà contacté
segunda vez|tercera vez|cuarta vez|varias veces|muchas veces|ya he llamado|ya llamé|ya escribí|ya he escrito
terceira vez|quarta vez|várias vezes|muitas vezes|já liguei|já escrevi|já contactei
seconda volta|terza volta|quarta volta|più volte|molte volte|già chiamato|già scritto
tweede keer|derde keer|vierde keer|meerdere keren|vaak gebeld|al gebeld|al geschreven`,
  'no-reply': `
no reply|no replies|no response|no answer|never replied|never responded|never answered|never heard back|haven't heard|have not heard|not heard back|didn't reply|did not reply|nobody answers|nobody replies|no one answers|no one replies|no one responds|nobody responds|ignored|ignoring me|without … answer|without … reply|radio silence|no call back|never called back|didn't call back|nobody called
keine antwort|keine rückmeldung|niemand antwortet|nie geantwortet|nicht gemeldet|kein rückruf|meldet sich niemand
pas de réponse|aucune réponse|sans réponse|personne ne répond|jamais répondu|aucun retour|pas rappelé
sin respuesta|ninguna respuesta|nadie responde|nadie contesta|no responden|no contestan|no me han respondido
sem resposta|nenhuma resposta|ninguém responde|ninguém atende|não respondem|não responderam
nessuna risposta|senza risposta|nessuno risponde|non rispondono|non hanno risposto|mai risposto
geen antwoord|geen reactie|niemand antwoordt|nooit geantwoord|niets gehoord|niet teruggebeld`,
  'promise-broken': `
you promised|was promised|were promised|they promised|as promised … not|broken promise|broke … promise|was supposed to|were supposed to|said you would|said they would|said it would|told me it would|told it would be|should have been here|should have arrived|never came|never showed up|didn't show up|did not show up|no show
versprochen|zugesagt|sollte … ankommen|hätte … ankommen sollen|nie gekommen|nicht erschienen
promis|vous aviez dit|devait arriver|devait être|jamais venu
prometieron|prometido|debía llegar|dijeron que|nunca vino|nunca llegó
prometeram|prometido|deveria ter chegado|disseram que|nunca veio
promesso|avevano detto|doveva arrivare|mai venuto
beloofd|toegezegd|zou … komen|nooit gekomen|niet op komen dagen`,
  reopened: `
reopen|reopened|reopening|re open|opened … again|open … case again
wieder öffnen|wieder geöffnet|rouvrir|rouvert|reabrir|reabierto|reaberto|riaprire|riaperto|heropenen|heropend`,
  transfer: `
transferred|passed around|passed me|passed from|passed on to|handed over to|another department|different department|sent me to|put me through|put through to|from one … to another|from pillar to post|sent from
weitergeleitet|weiterverbunden|andere abteilung|anderen abteilung|von einem zum anderen|transféré|autre service|otro departamento|me pasaron|transferido|outro departamento|altro reparto|passato da|doorverbonden|andere afdeling`,
  'channel-switch': `
had to call|had to phone|had to write|had to email|had to e-mail|had to go to|told me to call|told to call|told me to email|asked me to call|by phone instead|chat told|then phone|then called|then emailed|went to the branch|went to the store
musste anrufen|musste … anrufen|soll anrufen|in die filiale|dû appeler|dû téléphoner|tuve que llamar|tive de ligar|tive que ligar|dovuto chiamare|moest bellen|moest … bellen`,
  'repeated-information': `
repeat myself|repeating myself|repeat everything|explain again|explain everything again|explained again|explain it again|same information again|same questions again|same details|give … details again|gave … details again|already told|already sent|already explained|already gave|already provided|tell my story
wieder erklären|nochmal erklären|noch einmal erklären|bereits geschickt|bereits erklärt|répéter|réexpliquer|déjà expliqué|déjà envoyé|explicar otra vez|repetir todo|ya expliqué|ya envié|explicar de novo|repetir tudo|já expliquei|spiegare di nuovo|ripetere|già spiegato|già inviato|opnieuw uitleggen|al uitgelegd|al gestuurd`,
};
