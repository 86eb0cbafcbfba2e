"""Common given names of many languages: a name of two words that begins with one is most likely a person's.

Given names of the languages at large, folded (no accents); left out are those that are as often something else, such
as a place (Charlotte, Florence, Jordan, Sydney), a month or a common word (Mark is in, Will and Grace are not).
"""

from __future__ import annotations

from newsdesk.enrich.words import word_set

GIVEN_NAMES = word_set("""
    aaron abigail adam adrian agnes alan albert alec alex alexander alexandra alexis alfred alice alicia alison allan
    allen amanda amber amelia amy andrea andrew andy angela angelina anita ann anna anne annie anthony antonia april
    arnold arthur ashley audrey barbara barry beatrice becky ben benjamin bernard bernie beth betty bill billy bob
    bobby brad bradley brandon brenda brian bruce bryan caitlin calvin cameron carl carla carol caroline carolyn carrie
    catherine cathy cecilia charles charlie cheryl chris christian christina christine christopher cindy claire
    clara clarence clark claudia clifford clint colin connor craig crystal cynthia daisy dan daniel danielle danny
    darren dave david dean deborah debbie debra denis dennis derek diana diane dick dominic don donald donna doris
    dorothy doug douglas duncan dylan earl ed eddie edgar edith edmund edward edwin eileen elaine eleanor elena elizabeth
    ella ellen elliot emily emma eric erica ernest ernie esther ethan ethel eugene eva evan evelyn felicity felix fiona
    frances francis frank franklin fred freddie frederick gail gareth gary gavin gemma geoff geoffrey gerald gerard gilbert
    gillian gina glen glenn gloria gordon graham greg gregory gwen hannah harold harriet harry harvey hazel heather helen
    henry herbert holly howard hugh ian imogen irene isaac isabel isabella jack jackie jacob jacqueline jake james jamie
    jane janet janice jared jason jay jean jeff jeffrey jennifer jenny jeremy jerome jerry jesse jessica jill jim jimmy
    jo joan joanna joanne joe joel john johnny jon jonathan joseph josh joshua joyce judith judy julia julian julie justin
    karen kate katherine kathleen kathryn kathy katie keith kelly ken kenneth kenny kerry kevin kim kimberly kirsten kyle
    larry laura lauren laurence lawrence leah lee leo leon leonard leslie lewis liam linda lindsay lindsey lisa liz lois
    lorraine louis louise lucas lucy luke lydia lynn maggie malcolm marc marcus margaret maria marie marilyn marion
    marjorie mark marlene martha martin marvin mary matt matthew maureen maurice max maxine megan melanie melissa michael
    michelle mickey mike mildred miranda molly monica morris muriel nancy naomi natalie natasha nathan neil nicholas
    nick nicola nicole nigel noah noel nora norman oliver olivia oscar owen pamela pat patricia patrick paul paula pauline
    peggy penelope penny peter phil philip phillip phyllis rachel ralph randall randy raymond rebecca reginald rex rhys
    richard rick ricky rita rob robert roberta robin rodney roger roland ron ronald ronnie rory rosemary rosie ross roy
    rupert russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sebastian shane shannon sharon sheila
    shirley simon sophia sophie spencer stacey stacy stanley stella stephanie stephen steve steven stewart stuart sue susan
    suzanne sylvia tara ted terence teresa terry thelma theodore theresa thomas tim timothy tina toby todd tom tommy tony
    tracey tracy travis trevor tyler vanessa vera vernon veronica victor vincent viola virgil vivian wallace walter wanda
    wayne wendy wesley wilbur wilfred william willie winston yvonne zachary zoe
    adele adrien agathe alain albertine amelie anais andre annick antoine arnaud aurelie baptiste bastien benedicte benoit
    bernadette bertrand brigitte bruno camille cecile cedric celine chantal christelle christophe claude clement colette
    corinne damien daniele delphine denise didier dominique edouard elise elodie emile emilie emmanuel emmanuelle etienne
    eugenie fabien fabrice fernand florent francois francoise frederic gabriel gabrielle gaston genevieve georges georgette
    geraldine gerome gilles gregoire guillaume gustave guy helene henri herve hubert hugo huguette isabelle jacques
    jean-paul
    jeanne jerome joseph josephine julien juliette justine laetitia laurent laure lea lionel loic luc
    lucie lucien lucienne ludovic madeleine manon marcel marcelle marguerite martine
    mathieu mathilde matthieu maxime mehdi melanie michel micheline mireille monique nathalie nicolas noemie odile odette
    olivier pascal pascale patrice philippe pierre pierrick quentin raoul raphael regis remi renaud rene renee roger
    romain roselyne sabine sandrine segolene serge severine simone solange stephane suzanne sylvain sylvie thibault thierry
    tristan valentin valerie veronique victorien violette virginie xavier yann yannick yves yvette
    adolf alexandra alois anke anneliese annette axel bernd bernhard birgit bjorn boris brigitte christa christoph claus
    detlef dieter dirk eberhard eckhard edmund elfriede elke erich erika ernst erwin eva ewald frank franz frieda friedrich
    fritz gabriele georg gerda gerhard gerd gertrud gisela gottfried greta gudrun gunter gunther gustav hanna hannelore
    hannes hans harald hartmut heidi heiko heike heiner heinrich heinz helga helmut henning herbert
    hermann hildegard holger horst ingeborg ingo ingrid jens joachim jochen johann johanna johannes jorg josef jurgen jutta
    karin karl karsten katharina kathrin katja katrin klaus konrad kurt lars lothar ludwig lukas lutz manfred
    marianne markus martina matthias mechthild monika norbert otto petra rainer ralf reiner reinhard reinhold renate rolf
    rudi rudolf ruediger rudiger sabine siegfried sigmar sigrid silke stefan steffen susanne svenja swen thorsten torsten
    udo ulf ulrich ulrike ursula ute uwe volker walburga waltraud werner wilhelm willi willy wolfgang wolfram
    adriaan aart arjen bart bas bram cees cornelis dirk erik frits geert gerrit gijs hendrik henk huub jaap jan jeroen jelle
    joop joost joris jos kees klaas koen laurens leendert louis maarten marieke marijke niels pieter piet pim rinus rob roel
    ruud sander sjoerd teun theo tijs wim wouter
    anders annika astrid bengt bent birger bo britt einar elin emil erling eskil finn fredrik frode geir goran
    gosta gunnar gunilla hakan halvard hege helle henrik ingemar ingvar jesper johan jonas jorgen kaare karsten
    kirsti kjell kjetil knut kristian kristin kristina lasse leif lennart linnea mads magnus margrethe marit mats mette
    mikael mogens morten nils niklas odd ola olaf olav ole oystein pal pelle per pernille preben ragnar rasmus rolf
    roar rune sigurd siri solveig stig stian sven svend svein tage terje thor tor torbjorn tore torgny trond ulla vidar
    vigdis aki antti arto eero eino esa harri heikki ilkka ismo jari jarkko jarmo jorma jouni juha juhani jukka jussi
    kaarlo kalle kari kimi kimmo lauri markku martti matti mika mikko olli outi paavo pekka pentti petri raimo risto
    sakari samuli sari seppo tapio tarja teemu tero timo tuomas urho vesa ville
    alberto aldo alejandro alessandro alessandra alessia alfonso alfredo alvaro amparo ana anabel andres angel angelo
    antonella antonio armando arturo augusto beatriz benito bernardo bruno camilo carlo carlos carmen catalina cesar
    cesare chiara claudio concepcion consuelo corrado cristian cristiano cristina cristobal daniela dario diego domenico
    dolores domingo eduardo elisabetta emanuele emiliano emilio enrico enrique enzo ernesto esteban ezequiel fabio fabiola
    fabrizio federica federico felipe ferdinando fernanda fernando filippo flavio francesca francesco francisco franco
    gabriela gennaro gerardo giacomo gian giancarlo gianfranco gianluca gianluigi gianni gilberto gino giorgio giorgia
    giovanna giovanni giulia giuliano giulio giuseppe gonzalo graciela gregorio guido guillermo gustavo hector hernan
    hugo humberto ignacio ines inigo inmaculada isidro ivan jaime javier jesus joaquin jordi jorge jose josep juan juana
    juanita julio laura leandro leonardo leonel leonor leopoldo lorenzo lourdes luca lucia luciano ludovico luigi luis
    luisa luiz manuel manuela marcello marcelo marco marcos mariano mariana maribel mario marisol marta martina massimo
    mateo matias matteo maurizio mauro mercedes miguel milagros mirko mohamed moises montserrat nestor nicolo nuria
    octavio oriol orlando oswaldo pablo paco pamela paolo paola patricio pedro pepe pier pierluigi pietro pilar rafael
    ramiro ramon raul renato renzo ricardo riccardo rigoberto roberto rocco rocio rodolfo rodrigo rogelio romano ronaldo
    rosa ruben salvatore sancho sandro sergio silvana silvia silvio simona sofia soledad stefania
    stefano susana teofilo tomas ugo umberto valentina valentino valeria vicente vincenzo vittorio ximena yolanda
    afonso alvaro anibal antonio armenio caetano duarte edson fernao gilson helder henrique itamar joana joao jorginho
    leonel luis mafalda manoel nelson nuno paulo rui thiago tiago vasco vitor wagner wanderley
    adam agnieszka aleksander aleksandar aleksandr aleksandra aleksei alexei alexej anatoli anatoly andrei andrej andreja
    andrey andrzej ante anton arkady artem artur bartosz bogdan boguslaw bohuslav boris borislav branko bronislaw
    czeslaw dalibor damir danilo danuta dariusz darko davor dejan denis dmitri dmitriy dmitry dominik dragan drazen dusan
    edvard eduard egor elzbieta evgeni evgeny fedor fyodor galina gennadi gennady georgi georgy gheorghe goran grigori
    grigory grzegorz henryk hristo igor ilia ilie ilya ion irina iryna ivica ivo jacek jadwiga jan janez janos janusz
    jarmila jaromir jaroslav jaroslaw jerzy jiri jozef judit julia kamil karel karol katarina katarzyna kazimierz kiril
    kirill klara konstantin krzysztof ladislav lech leonid leszek liliana lubomir lubos lucjan ludmila lyudmila lukasz
    maciej malgorzata marcin marek marian marija mariusz martina martin marta mateusz maxim michal mieczyslaw mihai mihail
    mihaly mikhail milan milena milos miloslav mirko miro miroslav miroslaw mladen momir nadezhda natalia natalya nebojsa
    nenad nikita nikola nikolai nikolaj nikolay oksana oleg oleksandr olga ondrej otakar patrik pavel pavlo petar petr
    petro piotr plamen predrag przemyslaw radek radko radoslav radoslaw radovan rafal ratko robertas roman rostislav ryszard
    sasa semyon sergei sergej sergey sergiy slavko slobodan stanislav stanislaw stefan stepan stipe stjepan stoyan
    svetlana svetoslav tadeusz tamara tatiana tatyana teodor tihomir todor tomasz tomislav traian tudor urszula vaclav
    vadim valentin valeri valery vasil vasile vasili vasily vesna viktor viktoria vitali vitaly vladimir vladislav vlado
    vojislav volodymyr vyacheslav waclaw waldemar wieslaw witold wladyslaw wojciech yaroslav yegor yelena yevgeny yulia
    yuri yuriy yury zbigniew zdenek zdravko zeljko zhivko zlatan zlatko zofia zoran zsolt zuzana zygmunt
    andras arpad attila balazs bela csaba dezso eszter ferenc gabor geza gyorgy gyula imre istvan jozsef karoly laszlo
    miklos pal peter sandor tamas tibor zoltan zsuzsa adrian constantin corneliu cristian dan dumitru florin gheorghe ilie
    ioan ion ionut liviu marius mircea nicolae octavian ovidiu petre radu sorin stelian victor viorel vlad
    alexandros alexis anastasios andreas antonis apostolos aristotelis christos costas dimitri dimitrios dimitris eleni
    fotis georgios giannis giorgos ioannis konstantinos kostas kyriakos leonidas manolis maria michalis nikolaos nikos
    panagiotis panayiotis pavlos spyros stavros stelios stephanos thanasis theodoros vangelis vassilis yannis yiannis
    abbas abd abdallah abdel abdelaziz abdelkader abdullah abdul abdulaziz abdulla abdurrahman abu adel adnan ahmad ahmed
    ahmet akbar ali alireza amina amir amr anwar asad ashraf asif aslan ayman aziz bashar bassam bilal ehud eli ehsan
    emre erdal farid farouk faisal fatima fatma fawzi fuad ghassan habib hafez haider hakim hamad hamid hamza hanan hani
    haroun hasan hashim hassan hatice haydar hesham hicham hosni hosseini huda hussain hussein huseyin ibrahim idris
    imran ismail issa jaafar jalal jamal jamil karim kamal kemal khaled khalid khalil latif leila mahmoud mahmud mahdi
    majid malik mansour marwan masoud mehmet mohamad mohamed mohammad mohammed mohsen mostafa mounir mourad muammar
    muhammad muhammed mukhtar mustafa nabil nadia nasser nasir nawaz nizar nouri omar omer osama osman othman qasim rachid
    rafik rafiq rahim raja ramadan rami ramzi rashid rauf recep reza riad riyad saad saddam sadiq saeed said salah saleh
    salem salim salman sami samir samira sayed sayyid selim shafiq shahid shaukat sheikh suleiman suleyman sultan syed taha
    tahir talal tariq tarek tayyip turki usman wahid waleed walid waqar wasim yasir yasser yasmin younis yousef youssef
    yusuf zahir zahra zaki zayed ziad zulfikar avi avraham benny chaim dalia dov ehud ephraim ezer golda haim itzhak
    menachem meir moshe natan nir ofer ori rafi reuven shaul shimon shlomo shmuel tzipi uri uzi yaakov yehuda yigal
    yitzhak yoav yossi zeev
    ajay ajit akshay amit amitabh anand anil anita anjali arjun arun arvind asha ashok ashwin atal balaji bharat brij
    chandra chandrika deepak deepika dilip dinesh ganesh gautam gopal gurmeet harbhajan hari harish indira indra jagdish
    jawaharlal jaswant javed jaya kalyan kapil karan kiran kishore krishna kumar kuldip lakshmi lal lalit lalu laxman
    mahatma mahendra mahesh mamata mani manish manmohan manoj meera mohan mukesh mulayam murali nandini naresh narendra
    naveen neha nikhil nitin om pankaj parveen pooja prabhu pradeep prakash pramod pranab prasad prashant pratap praveen
    prem priya priyanka rahul raj rajendra rajesh rajiv rajinder raju rakesh ram ramesh rana ranil ranjit ratan ravi
    rohit sachin sanjay sanjeev sandeep satish saurav shankar sharad shashi shiv shyam sita sonia srinivas subhash sudhir
    sumitra sunil suresh sushma tara uday uma umesh vijay vikas vikram vinay vinod viren virender vishwanath yash yashwant
    akio akira aoi atsushi daisuke eiji fumio haruki haruto hideki hideo hiroaki hiroki hiroshi hisashi ichiro isao junichi
    junichiro kaori katsuya kazuhiro kazuo keiko keizo kenichi kenji kenta kenzo kiyoshi koichi koji kunio makoto manabu
    masahiro masako masao masashi mayumi michiko minoru mitsuo morihiro naoki naoko naoto noboru nobuo noriko osamu ryo
    ryota ryutaro sadako satoshi seiji shigeru shigeo shinji shinzo shoichi shunsuke susumu tadao tadashi takahiro takako
    takashi takeshi takuya taro tatsuya tetsuya tomohiro tomoko toru toshiaki toshiki toshio tsutomu yasuhiro yasuo yasushi
    yoichi yoko yoshihiro yoshiko yoshio yoshiro yuji yukiko yukio yuko yutaka
    abebe adebayo ayodele babatunde chidi chinedu chinua desmond emeka femi goodluck haile ifeanyi jomo kofi kwame kwesi
    mandla moses mwai ngozi nkosazana obinna okechukwu oluseyi olusegun robert sani sizwe tendai thabo
    themba tunde uhuru wole yaw yoweri zola
""")
