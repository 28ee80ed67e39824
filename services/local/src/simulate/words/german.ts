// German words of the made-up company's customers and staff: a table, by stage and by occasion.
import type { Words } from './bank.ts';

export const german: Words = {
  stages: {
    discover: {
      troubles: [
        'auf der Seite steht ein anderer Preis als im Laden',
        'der Vergleich der Tarife ist so unübersichtlich, dass ich aufgegeben habe',
        'das Formular hat nach der letzten Seite alles vergessen',
        'die Suche findet alles, nur nicht das, was ich eingebe',
      ],
      praises: [
        'die Übersicht hat mir in zwei Minuten alles gesagt',
        'sehr ehrliche Beratung im Laden',
        'die Seite ist klar und schnell',
      ],
      questions: ['gibt es einen Preis für Studenten', 'was ist der Unterschied zwischen Basic und Pro'],
      remarks: ['ich vergleiche gerade drei Anbieter', 'habe mir den Prospekt geholt'],
    },
    buy: {
      troubles: [
        'die Zahlung wurde abgebrochen, das Geld ist trotzdem weg',
        'Bestellung {order} wurde doppelt abgebucht',
        'der Gutschein wird ohne Grund abgelehnt',
        'eine Bestätigung habe ich bis heute nicht bekommen',
        'auf der Rechnung steht der falsche Firmenname',
      ],
      praises: [
        'bestellt in einer Minute, ohne Umwege',
        'die Rechnung kam sofort und stimmte',
        'bezahlen mit dem Handy ging reibungslos',
      ],
      questions: ['kann ich auch auf Rechnung kaufen', 'wie füge ich der Bestellung {order} etwas hinzu'],
      remarks: ['habe am {weekday} bestellt', 'das war schon die zweite Bestellung'],
    },
    delivery: {
      troubles: [
        'seit {days} Tagen warte ich auf das Paket',
        'laut Sendungsverfolgung zugestellt, hier ist aber nichts angekommen',
        'der Karton war offen und die Hälfte fehlt',
        'der Kurier hat nicht einmal geklingelt',
        'das Paket liegt seit {weekday} im Depot',
        'geliefert wurde die falsche Farbe',
      ],
      fresh: [
        'der Termin wurde zum dritten Mal verschoben, angeblich kein Fahrer',
        'seit dem neuen Kurier kommt nichts mehr am richtigen Tag',
      ],
      praises: [
        'einen Tag früher da als angekündigt',
        'der Fahrer hat es bis in den dritten Stock getragen',
        'gut verpackt und pünktlich geliefert',
      ],
      questions: [
        'wann wird die Bestellung {order} verschickt',
        'liefern Sie auch samstags',
        'kann das Paket beim Nachbarn abgegeben werden',
      ],
      remarks: ['das Paket kam am {weekday}', 'der Nachbar hat das Paket angenommen'],
    },
    use: {
      troubles: [
        'die App stürzt seit dem Update dauernd ab',
        'nach {days} Tagen lädt der Akku nicht mehr',
        'jeden Morgen sind meine Einstellungen weg',
        'das Gerät findet mein Handy nicht mehr',
      ],
      praises: [
        'läuft seit dem ersten Tag ohne Probleme',
        'leise, leicht und gut verarbeitet',
        'die neue Ansicht gefällt mir sehr',
      ],
      questions: ['wie ändere ich meine PIN', 'kann ich die App auf zwei Geräten nutzen'],
      remarks: ['ich nutze vor allem den Kalender', 'steht bei uns in der Küche'],
    },
    support: {
      troubles: [
        '{minutes} Minuten in der Warteschleife, dann war die Leitung tot',
        'ich erkläre jetzt zum {times} Mal dasselbe',
        'der versprochene Rückruf kam nie',
        'mein Fall wurde geschlossen, gelöst ist nichts',
      ],
      praises: [
        'Antwort innerhalb einer Stunde, und sie war richtig',
        'sehr geduldig und kompetent am Telefon',
        'ein Anruf und alles war erledigt',
      ],
      questions: ['wie sind Ihre Öffnungszeiten', 'können Sie mich am {weekday} anrufen'],
      remarks: ['habe am {weekday} angerufen', 'meine Fallnummer ist {order}'],
    },
    renew: {
      troubles: [
        'der Vertrag wurde ohne Hinweis um ein Jahr verlängert',
        'ich habe gekündigt und Sie buchen weiter {amount} ab',
        'der Preis ist um ein Drittel gestiegen, gesagt hat mir das niemand',
      ],
      praises: ['Verlängerung mit einem Klick', 'fairer Preis und rechtzeitig erinnert worden'],
      questions: ['wann endet mein Vertrag', 'wie wechsle ich in den Pro-Tarif'],
      remarks: ['mein Vertrag läuft noch bis zum Sommer'],
    },
  },
  general: {
    troubles: [
      'es hat {days} Tage gedauert statt einen',
      'niemand fühlt sich zuständig',
      'schon wieder derselbe Fehler',
      'die Hälfte wurde vergessen',
    ],
    praises: ['alles lief wie geplant', 'schnell und freundlich', 'besser als erwartet', 'nichts zu meckern'],
    questions: ['wie lange dauert das normalerweise', 'was muss ich mitbringen'],
    remarks: ['war am {weekday} dort', 'es war mein erstes Mal'],
  },
  manner: {
    greetings: ['Hallo', 'Guten Tag', 'Guten Morgen', 'Sehr geehrte Damen und Herren', 'Hi'],
    consequences: [
      'das sollte ein Geschenk sein',
      'so kann ich nicht arbeiten',
      'langsam reicht es mir',
      'früher war das besser bei Ihnen',
      'und keiner meldet sich',
    ],
    asks: [
      'bitte kümmern Sie sich darum',
      'ich möchte mein Geld zurück',
      'wie geht es jetzt weiter?',
      'bitte rufen Sie mich an: {phone}',
    ],
    closings: ['Danke', 'Mit freundlichen Grüßen, {name}', 'Viele Grüße', 'Gruß {name}'],
    curt: {
      unhappy: ['nie wieder', 'schwach', 'leider nein', 'enttäuscht', 'geht gar nicht', 'viel zu langsam'],
      happy: ['alles bestens', 'super', 'top, gerne wieder', 'passt', '👍', 'sehr zufrieden'],
      neutral: ['ok', 'geht so', 'in Ordnung', 'wie erwartet', 'keine Angabe'],
    },
    frames: {
      unhappy: [
        'nur zur Information: {clause}',
        'ganz ehrlich: {clause}',
        'kurz gesagt: {clause}',
        'ich schreibe wegen {weekday}: {clause}',
      ],
      happy: ['nur zur Information: {clause}', 'ganz ehrlich: {clause}', 'das hat mir gefallen: {clause}'],
      question: ['kurze Frage: {clause}', 'ich finde es auf der Seite nicht: {clause}', 'Entschuldigung, {clause}'],
    },
    mixed: {
      unhappy: ['{praise}, das muss man sagen, aber {trouble}', 'früher galt: {praise}. Heute: {trouble}'],
      happy: ['anfangs etwas holprig, dann aber: {praise}', '{praise}, nur etwas teuer'],
    },
    chasing: [
      'Gibt es schon etwas Neues?',
      'Ich warte immer noch auf eine Antwort.',
      'Seit {days} Tagen höre ich nichts von Ihnen.',
      'Die Fotos habe ich schon zweimal geschickt.',
    ],
    reopening: [
      'Angeblich gelöst, hier hat sich nichts geändert.',
      'Heute wieder dasselbe.',
      'Das hat leider nicht geholfen.',
      'Bitte noch einmal öffnen: {trouble}.',
    ],
    thanking: [
      'Danke, jetzt geht es.',
      'Perfekt, vielen Dank!',
      'Super, hat geklappt.',
      'Damit ist meine Frage beantwortet.',
      '👍',
    ],
    answering: [
      'Guten Tag, vielen Dank für Ihre Nachricht. Ich kläre das mit dem Lager.',
      'Hallo, das tut mir leid. Können Sie mir ein Foto schicken?',
      'Das finden Sie in Ihrem Konto unter Einstellungen.',
    ],
    promising: ['Wir melden uns bis {weekday}.', 'Ein Kollege ruft Sie morgen zurück.'],
    solving: [
      'Das ist nun erledigt. Einen schönen Tag!',
      'Der Ersatz ist unterwegs, ich schließe den Fall.',
      'Ich habe es für Sie geändert.',
    ],
    receipt: ['Wir haben Ihre Nachricht erhalten. Ihre Fallnummer: {order}.'],
    weekdays: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'],
    things: ['Wasserkocher', 'Lampe', 'Rucksack', 'Kopfhörer', 'Bürostuhl', 'Waage'],
  },
};
