// Spanish words of the made-up company's customers and staff: a table, by stage and by occasion.
import type { Words } from './bank.ts';

export const spanish: Words = {
  stages: {
    discover: {
      troubles: [
        'el precio de la web no es el que me dijeron en la tienda',
        'la comparación de planes es tan confusa que lo dejé',
        'el formulario borró todo al llegar a la última página',
        'la mitad de los enlaces no lleva a ninguna parte',
      ],
      praises: [
        'la tabla de precios se entiende enseguida',
        'me explicaron todo sin presionar',
        'una página clara y rápida',
      ],
      questions: ['¿hay precio para estudiantes?', '¿qué diferencia hay entre el plan básico y el pro?'],
      remarks: ['estoy comparando varias opciones', 'vi el anuncio en la estación'],
    },
    buy: {
      troubles: [
        'el pago falló en el último paso y aun así me cobraron',
        'me han cobrado dos veces el pedido {order}',
        'el cupón no funciona y nadie me dice por qué',
        'nunca llegó el correo de confirmación',
      ],
      praises: [
        'comprar fue cosa de un minuto',
        'la factura llegó al momento y estaba bien',
        'todo muy sencillo, sin sorpresas',
      ],
      questions: ['¿puedo pagar por transferencia?', '¿cómo añado algo al pedido {order}?'],
      remarks: ['hice el pedido el {weekday}', 'es mi segunda compra'],
    },
    delivery: {
      troubles: [
        'llevo {days} días esperando el paquete',
        'dice entregado pero aquí no ha llegado nada',
        'la caja llegó abierta y falta la mitad',
        'el repartidor ni siquiera llamó al timbre',
        'el seguimiento no cambia desde el {weekday}',
      ],
      fresh: [
        'otra vez reprogramado porque no hay conductor',
        'desde que cambiaron de mensajería nada llega en su día',
      ],
      praises: ['llegó un día antes de lo previsto', 'el repartidor fue muy amable', 'bien embalado y puntual'],
      questions: [
        '¿cuándo se envía el pedido {order}?',
        '¿entregan los sábados?',
        '¿pueden dejar el paquete con la vecina?',
      ],
      remarks: ['el paquete llegó el {weekday}', 'lo recogí en el punto de entrega'],
    },
    use: {
      troubles: [
        'la aplicación se cierra sola desde la actualización',
        'la batería no dura ni hasta mediodía',
        'cada mañana tengo que configurarlo todo otra vez',
        'dejó de cargar a los {days} días',
      ],
      praises: [
        'funciona de maravilla desde el primer día',
        'ligero, silencioso y bien hecho',
        'me encanta la nueva vista',
      ],
      questions: ['¿cómo cambio mi PIN?', '¿se puede usar sin internet?'],
      remarks: ['lo uso sobre todo por la noche', 'lo tenemos en la cocina'],
    },
    support: {
      troubles: [
        '{minutes} minutos en espera y al final se cortó',
        'he explicado lo mismo {times} veces',
        'prometieron llamarme y no lo hicieron',
        'cerraron mi caso sin resolver nada',
      ],
      praises: [
        'me lo resolvieron en una sola llamada',
        'respuesta en menos de una hora y correcta',
        'muy pacientes y profesionales',
      ],
      questions: ['¿cuál es su horario?', '¿me pueden llamar el {weekday}?'],
      remarks: ['llamé el {weekday}', 'mi número de caso es {order}'],
    },
    renew: {
      troubles: [
        'renovaron el contrato un año sin avisar',
        'cancelé y me siguen cobrando {amount}',
        'subieron el precio y me enteré por el banco',
      ],
      praises: ['renovar fue un clic', 'un precio justo y me avisaron a tiempo'],
      questions: ['¿cuándo termina mi contrato?', '¿cómo paso al plan pro?'],
      remarks: ['mi contrato acaba en verano'],
    },
  },
  general: {
    troubles: [
      'tardaron {days} días en lugar de uno',
      'nadie sabe quién se encarga',
      'otra vez el mismo error',
      'falta la mitad de lo que pedí',
    ],
    praises: ['todo salió según lo previsto', 'rápidos y amables', 'mejor de lo que esperaba'],
    questions: ['¿cuánto suele tardar?', '¿qué tengo que llevar?'],
    remarks: ['estuve el {weekday}', 'era mi primera vez'],
  },
  manner: {
    greetings: ['Hola', 'Buenos días', 'Buenas tardes', 'Estimados señores'],
    consequences: [
      'era un regalo',
      'así no puedo trabajar',
      'se me acaba la paciencia',
      'antes esto no pasaba',
      'y nadie da la cara',
    ],
    asks: ['por favor, revísenlo', 'quiero que me devuelvan el dinero', '¿qué hago ahora?', 'llámenme al {phone}'],
    closings: ['Gracias', 'Un saludo, {name}', 'Atentamente, {name}', 'Saludos'],
    curt: {
      unhappy: ['nunca más', 'muy flojo', 'una decepción', 'demasiado lento', 'no lo recomiendo'],
      happy: ['todo perfecto', 'genial', 'muy contenta', '👍', 'de diez', 'encantado'],
      neutral: ['bien', 'normal', 'regular', 'lo esperado', 'sin comentarios'],
    },
    frames: {
      unhappy: [
        'para que lo sepan: {clause}',
        'la verdad, {clause}',
        'en resumen: {clause}',
        'escribo porque {clause}',
      ],
      happy: ['para que lo sepan: {clause}', 'la verdad, {clause}', 'lo que más me gustó: {clause}'],
      question: ['una pregunta: {clause}', 'no lo encuentro en la web: {clause}', 'perdonen, {clause}'],
    },
    mixed: {
      unhappy: ['{praise}, eso sí, pero {trouble}', 'el año pasado {praise}; ahora {trouble}'],
      happy: ['al principio costó un poco, pero {praise}', '{praise}, aunque algo caro'],
    },
    chasing: [
      '¿Hay alguna novedad?',
      'Sigo esperando una respuesta.',
      'Han pasado {days} días y nadie me ha dicho nada.',
      'Ya envié las fotos dos veces.',
    ],
    reopening: [
      'Dice resuelto, pero todo sigue igual.',
      'Hoy otra vez lo mismo.',
      'No ha servido, por desgracia.',
      'Ábranlo de nuevo, por favor: {trouble}.',
    ],
    thanking: [
      'Gracias, ya funciona.',
      '¡Perfecto, muchas gracias!',
      'Resuelto, muy amable.',
      'Con eso me queda claro.',
      '👍',
    ],
    answering: [
      'Hola, gracias por escribirnos. Lo consulto con el almacén.',
      'Lo siento mucho. ¿Nos puede enviar una foto?',
      'Lo encuentra en su cuenta, en Ajustes.',
    ],
    promising: ['Le respondemos antes del {weekday}.', 'Un compañero le llamará mañana.'],
    solving: [
      'Ya está hecho. ¡Que tenga un buen día!',
      'El reemplazo va en camino, cierro el caso.',
      'Se lo he cambiado.',
    ],
    receipt: ['Hemos recibido su mensaje. Número de caso: {order}.'],
    weekdays: ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'],
    things: ['hervidor', 'lámpara', 'mochila', 'altavoz', 'reloj', 'silla'],
  },
};
