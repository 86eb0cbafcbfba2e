"""Spanish stories: El Faro de Montelar."""

from __future__ import annotations

from .story import Story

STORIES: tuple[Story, ...] = (
    Story(
        outlet="faro-de-montelar",
        path="/local/el-mercado-de-abastos-reabre-en-mayo.html",
        section="local",
        title="El mercado de abastos de Montelar reabre en mayo tras dos años de obras",
        authors=("Inés Carballeda",),
        published="2026-03-02T09:10:30",
        caption="La nave central del mercado, a falta de los últimos puestos. Foto: I. Carballeda",
        # Edition 2 announces a change, but only the share count and the related links differ.
        reshared=True,
        bumped="2026-03-04T07:30:00",
        text="""
        El mercado de abastos de Montelar abrirá de nuevo sus puertas el 9 de mayo, después de dos
        años de obras y un sobrecoste de 700.000 euros, según anunció este lunes el Ayuntamiento.

        De los 58 puestos que había antes de la reforma volverán 41. Los demás titulares se han
        jubilado o se quedarán en las carpas del paseo marítimo, donde pagan menos alquiler.

        La alcaldesa, Lucía Armendáriz, reconoció que las obras habían durado ocho meses más de lo
        previsto. «Encontramos un aljibe medieval y no podíamos mirar hacia otro lado», explicó.

        El aljibe podrá verse a través de un suelo de cristal. Lo ha estudiado un equipo de la
        Universidad de Sotoalto dirigido por la arqueóloga Beatriz Quintela.

        Los comerciantes piden aparcamiento gratuito durante la primera hora. Su portavoz, Ramiro
        Santolaya, teme que los clientes se hayan acostumbrado a los supermercados de las afueras.

        La inauguración contará con la banda municipal y con una degustación de pescado de la lonja.
        El horario será de ocho de la mañana a tres de la tarde, también los sábados.
        """,
    ),
    Story(
        outlet="faro-de-montelar",
        path="/economia/el-puerto-recupera-la-linea-con-marsala.html",
        section="economia",
        title="El puerto recupera la línea de carga con Italia",
        authors=("Rubén Olmedo", "Inés Carballeda"),
        published="2026-03-02T18:25:00",
        caption="Grúas en el muelle sur del puerto de Montelar. Foto: R. Olmedo",
        text="""
        El Puerto de Montelar volverá a tener una línea regular de carga con Italia a partir del mes
        de abril. La naviera Brightwater Shipping la cubrirá con dos barcos por semana.

        La anterior compañía había dejado la ruta en 2021 por falta de mercancía. Ahora la demanda
        de azulejos y de conservas ha crecido un 18 por ciento, según la Autoridad Portuaria.

        «No es un regalo, es un contrato de cinco años con penalizaciones por ambas partes», aclaró
        el presidente del puerto, Tomás Iriarte, en una rueda de prensa.

        El acuerdo creará unos sesenta empleos directos. Los estibadores, representados por Pilar
        Monedero, han aceptado trabajar también los domingos por la mañana.

        Para recibir los barcos hay que dragar el muelle sur hasta los once metros. La obra cuesta
        3,9 millones de euros y empezará dentro de dos semanas.

        La alcaldesa, Lucía Armendáriz, pidió que los camiones no crucen el casco antiguo. El puerto
        estudia un acceso nuevo por la carretera de Sotoalto.
        """,
    ),
    Story(
        outlet="faro-de-montelar",
        path="/cultura/un-cine-de-barrio-que-no-quiere-cerrar.html",
        section="cultura",
        title="El cine de barrio que no quiere cerrar",
        authors=("Inés Carballeda",),
        published="2026-03-03T08:00:00",
        caption="La sala grande del cine Avenida. Foto: Inés Carballeda",
        text="""
        El cine Avenida de Montelar tiene 212 butacas, un proyector de 1974 y trescientos vecinos que
        han decidido comprarlo para que no se convierta en un gimnasio.

        Cada socio pone 250 euros y recibe a cambio una butaca con su nombre. Hasta el martes se
        habían reunido 81.000 euros, algo más de la mitad de lo que pide el dueño.

        Fermín Aldecoa ha vendido entradas allí durante 44 años. «La taquilla es mi salón, y ustedes
        son las visitas», suele decir a los más jóvenes de la cola.

        La cooperativa quiere abrir también por las mañanas, con sesiones para colegios y para
        personas mayores. La Caja de Sotoalto ha prometido un préstamo sin intereses.

        El Ayuntamiento no pondrá dinero, pero declarará la fachada bien protegido. Así, recuerda la
        concejala Nuria Belmonte, nadie podrá derribarla.

        El plazo termina el 30 de abril. Si no se alcanza la suma, cada vecino recuperará su dinero y
        la última película será la misma con la que se inauguró la sala.
        """,
    ),
)
