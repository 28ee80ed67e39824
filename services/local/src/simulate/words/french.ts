// French words of the made-up company's customers and staff: a table, by stage and by occasion.
import type { Words } from './bank.ts';

export const french: Words = {
  stages: {
    discover: {
      troubles: [
        'le prix du site n’est pas celui qu’on m’a donné en boutique',
        'la comparaison des formules est illisible, j’ai laissé tomber',
        'le formulaire a tout effacé à la dernière page',
        'la moitié des liens ne mène nulle part',
      ],
      praises: ['le tableau des prix est limpide', 'de bons conseils, sans insister', 'un site clair et rapide'],
      questions: ['y a-t-il un tarif étudiant ?', 'quelle est la différence entre basic et pro ?'],
      remarks: ['je compare encore plusieurs offres', 'j’ai vu votre affiche à la gare'],
    },
    buy: {
      troubles: [
        'le paiement a échoué à la fin et j’ai été débité quand même',
        'la commande {order} a été prélevée deux fois',
        'le bon de réduction est refusé sans raison',
        'je n’ai jamais reçu la confirmation',
      ],
      praises: ['commande passée en une minute', 'la facture est arrivée tout de suite', 'simple et sans surprise'],
      questions: ['peut-on payer par virement ?', 'comment ajouter un article à la commande {order} ?'],
      remarks: ['j’ai commandé {weekday}', 'c’est ma deuxième commande'],
    },
    delivery: {
      troubles: [
        'j’attends le colis depuis {days} jours',
        'indiqué comme livré, mais il n’y a rien chez moi',
        'le carton est arrivé ouvert et il en manque la moitié',
        'le livreur n’a même pas sonné',
        'le suivi ne bouge plus depuis {weekday}',
      ],
      fresh: [
        'livraison encore reportée, pas de chauffeur paraît-il',
        'depuis le nouveau transporteur plus rien n’arrive à l’heure',
      ],
      praises: ['arrivé un jour plus tôt que prévu', 'le livreur était très aimable', 'bien emballé et à l’heure'],
      questions: [
        'quand sera expédiée la commande {order} ?',
        'livrez-vous le samedi ?',
        'peut-on laisser le colis chez le voisin ?',
      ],
      remarks: ['le colis est arrivé {weekday}', 'je l’ai retiré au point relais'],
    },
    use: {
      troubles: [
        'l’application se ferme toute seule depuis la mise à jour',
        'la batterie est vide à midi',
        'tous les matins mes réglages ont disparu',
        'au bout de {days} jours il ne charge plus',
      ],
      praises: [
        'marche très bien depuis le premier jour',
        'léger, silencieux et solide',
        'j’adore le nouvel affichage',
      ],
      questions: ['comment changer mon code ?', 'est-ce que cela marche sans internet ?'],
      remarks: ['je m’en sers surtout le soir', 'il est dans la cuisine'],
    },
    support: {
      troubles: [
        '{minutes} minutes d’attente puis on m’a raccroché au nez',
        'j’ai expliqué la même chose {times} fois',
        'on devait me rappeler, j’attends encore',
        'dossier fermé, rien de réglé',
      ],
      praises: [
        'tout a été réglé en un appel',
        'réponse en moins d’une heure, et la bonne',
        'des gens patients et compétents',
      ],
      questions: ['quels sont vos horaires ?', 'pouvez-vous m’appeler {weekday} ?'],
      remarks: ['j’ai appelé {weekday}', 'mon numéro de dossier est {order}'],
    },
    renew: {
      troubles: [
        'l’abonnement a été reconduit pour un an sans me prévenir',
        'j’ai résilié et vous prélevez toujours {amount}',
        'le prix a augmenté d’un tiers et personne ne l’a dit',
      ],
      praises: ['renouvelé en un clic', 'un prix juste et un rappel à temps'],
      questions: ['quand se termine mon contrat ?', 'comment passer à la formule pro ?'],
      remarks: ['mon contrat court jusqu’à l’été'],
    },
  },
  general: {
    troubles: [
      'cela a pris {days} jours au lieu d’un',
      'personne ne sait qui s’en occupe',
      'encore la même erreur',
      'la moitié a été oubliée',
    ],
    praises: ['tout s’est passé comme prévu', 'rapide et aimable', 'mieux que ce que j’attendais'],
    questions: ['combien de temps faut-il d’habitude ?', 'que faut-il apporter ?'],
    remarks: ['j’y étais {weekday}', 'c’était la première fois'],
  },
  manner: {
    greetings: ['Bonjour', 'Bonsoir', 'Madame, Monsieur', 'Salut'],
    consequences: [
      'c’était un cadeau',
      'je ne peux pas travailler ainsi',
      'ma patience a des limites',
      'avant, c’était autre chose',
      'et pas un mot de votre part',
    ],
    asks: ['merci de vérifier', 'je veux être remboursé', 'que dois-je faire maintenant ?', 'appelez-moi au {phone}'],
    closings: ['Merci', 'Cordialement, {name}', 'Bien à vous', 'Bonne journée'],
    curt: {
      unhappy: ['plus jamais', 'très décevant', 'bof', 'beaucoup trop long', 'à éviter'],
      happy: ['parfait', 'très contente', 'super', '👍', 'rien à redire', 'au top'],
      neutral: ['correct', 'moyen', 'sans plus', 'comme prévu', 'rien à ajouter'],
    },
    frames: {
      unhappy: [
        'pour information : {clause}',
        'franchement, {clause}',
        'en bref : {clause}',
        'je vous écris car {clause}',
      ],
      happy: ['pour information : {clause}', 'franchement, {clause}', 'ce que j’ai aimé : {clause}'],
      question: ['petite question : {clause}', 'je ne le trouve pas sur le site : {clause}', 'excusez-moi, {clause}'],
    },
    mixed: {
      unhappy: ['{praise}, soit, mais {trouble}', 'l’an dernier {praise} ; cette fois {trouble}'],
      happy: ['un peu long au début, mais {praise}', '{praise}, juste un peu cher'],
    },
    chasing: [
      'Avez-vous du nouveau ?',
      'J’attends toujours une réponse.',
      'Cela fait {days} jours et toujours rien.',
      'J’ai déjà envoyé les photos deux fois.',
    ],
    reopening: [
      'Marqué comme réglé, mais rien n’a changé.',
      'Encore la même chose aujourd’hui.',
      'Cela n’a pas aidé, hélas.',
      'Merci de rouvrir : {trouble}.',
    ],
    thanking: [
      'Merci, ça marche maintenant.',
      'Parfait, merci beaucoup !',
      'C’est réglé, merci.',
      'Cela répond à ma question.',
      '👍',
    ],
    answering: [
      'Bonjour, merci de votre message. Je vois avec l’entrepôt.',
      'Désolé pour ce souci. Pouvez-vous envoyer une photo ?',
      'Vous le trouverez dans votre compte, sous Réglages.',
    ],
    promising: ['Nous revenons vers vous avant {weekday}.', 'Un collègue vous rappelle demain.'],
    solving: [
      'C’est fait. Bonne journée !',
      'Le remplacement est en route, je ferme le dossier.',
      'Je l’ai modifié pour vous.',
    ],
    receipt: ['Nous avons bien reçu votre message. Dossier {order}.'],
    weekdays: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
    things: ['bouilloire', 'lampe', 'sac à dos', 'enceinte', 'montre', 'chaise'],
  },
};
