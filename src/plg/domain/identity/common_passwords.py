"""
What passwords are commonly made of: words, phrases, and walks over keyboards and alphabets.

Only passwords of 15 characters and more are taken, so short common ones matter as the parts of
long ones (`password1234567`), and long ones by themselves (`correcthorsebatterystaple`). All in
the folded form, lower case, and phrases without blanks.
"""

from typing import Final

WORDS: Final[frozenset[str]] = frozenset(
    """
    aaron abcd abigail access account adidas admin administrator adrian alejandra alex alexander
    alexandra alexis alice allison always amanda america american amigos amor amsterdam anderson
    andrea andreas andrew andy angel angela angelo angels anthony antonio apple april arsenal
    asdf asdfgh ashley asshole august austin australia awesome azerty baby babygirl babyboy bailey
    balance banana barcelona baseball basketball batman beautiful beauty benjamin berlin bigdaddy
    biteme black blink bond boomer boston brandon brazil brian britney brother bubbles buddy
    buster butterfly cadillac california camaro camille canada candy captain carlos carmen caroline
    casper cassie celtic changeme changeit charles charlie charlotte cheese chelsea chester chicago
    chicken chocolate chris christian christine christmas christopher claire claudia computer
    connor cookie cooper corvette cowboy cowboys crystal daddy dakota dallas daniel daniela danielle
    dave david december default demo destiny detroit diablo diamond disney doctor dolphin dolphins
    donald dragon dreams eagle eagles edward elephant elizabeth eminem emily emma england enter
    eric eternal everton evony facebook falcon family fender ferrari fernando fish flower
    flowers football ford forever forward francis frank freedom friday friend friends fuck fucker
    fuckme fuckyou gabriel gandalf garfield gateway gemini george gibson ginger girls giants god
    godzilla golden golf google green guest guitar hacker hammer hannah happy harley harry heather
    heaven hello hellokitty helpme henry hockey hola hotmail house hunter iloveu iloveyou
    internet iwantu jackass jackie jackson jaguar jamaica james january jasmine jason jasper
    jennifer jeremy jessica jessie jesus johan john johnny johnson jonathan jordan joseph joshua
    juice julia july june junior justin justinbieber karate katherine kathleen kevin killer king
    kitty kristina ladies lakers lakota lauren leather legend letmein letmeinnow lettherebe
    liberty linda link lion liverpool login logitech london looking lorraine love lovely lover
    loveme loveyou lucky lucy madison madrid maggie magic manager manchester marcus maria marie
    marina mario marlboro marseille martin martina marvin mary master matrix matthew maverick max
    maximus megan melanie melissa mercedes merlin metal metallica mexico michael michelle mickey
    midnight miguel mike miller minecraft mine mobile monday money monica monika monkey monster
    morgan mother mother mountain mozart muffin murphy music mustang naruto nathan natalia natalie
    nature ncc1701 newyork nicholas nicolas nicole nintendo nirvana nothing november october
    oliver olivia online opensesame orange pamela panda pantera panther paradise paris parker
    pass passcode passer passion passphrase passport passw0rd passwd passwort password patricia
    patrick paul peaches peanut pepper peter phantom phoenix phone pink playboy player please
    pokemon police poohbear porsche portugal power precious prince princess private public purple
    pussy qazwsx qwerty qwertz rabbit rachel rainbow raiders ranger rangers raven rebecca
    redskins richard robert roberto rocky rocknroll root rose rosebud ronaldo russia sabrina
    samantha sample samsung samuel sandra santiago sarah saturday school scooby scorpion scott
    sebastian secret secure security september server service sexy shadow shannon shelby shit
    shopping sierra silver simple simon skywalker slayer slipknot smith snoopy soccer sommer
    sophie spartan spider spiderman spring stalker star starwars steelers stella stephanie steven
    student success sugar summer sunday sunflower sunshine super superman superstar support susan
    sweet sweetie sweety switch sydney sysadmin system taylor teacher tech temp temporary
    tennis teresa test tester testing test123 thank thankyou theman thomas thunder thursday tiger
    tigger tinkerbell toor tomcat toyota travis trinity trouble trustno1 tuesday turtle tweety
    undertaker unicorn united user username vacation vanessa veronica victor victoria victory
    viking vincent viper virginia volleyball wachtwoord warrior wednesday webmaster welcome
    welcometo whatever william willow wilson windows winner winston winter wizard wolf wolverine
    world xavier xbox yankees yellow yourmom zachary zaq1 zxcv zxcvbn
    abc123 a1b2c3 admin123 qwe123 asd123 zxc123 pass123 123qwe 1q2w3e iloveyou1 letmein1 monkey1
    contrasena contraseña motdepasse senha parola haslo heslo lozinka salasana kennwort geheim
    hallo hallowelt schatz liebe azertyuiop bonjour soleil doudou chouchou loulou amour jetaime
    teamo tequiero mariposa estrella princesa futbol beatriz teresa natacha privet parol
    nastya maksim marinka lubov woaini asdasd qweasd zxcasd dkssud tkfkdgo
    """.split()  # noqa: SIM905 - hundreds of words read better without quotes
)

PHRASES: Final[frozenset[str]] = frozenset(
    """
    abrakadabra alliwantforchristmasisyou allyourbasearebelongtous antidisestablishmentarianism
    beammeupscotty bibbidibobbidiboo biggerthanjesus changethispassword cogitoergosum
    correcthorsebatterystaple dontpanic dontforgetmypassword elementarymydearwatson
    enteryourpassword floccinaucinihilipilification forgetmenot forgotmypassword
    fourscoreandsevenyearsago frommetoyou godblessamerica happybirthday happybirthdaytoyou
    happyeverafter happynewyear hakunamatata helloworld hereslookingatyoukid
    honorificabilitudinitatibus hotelcalifornia houstonwehaveaproblem iamthebest iamyourfather
    idontknow idontremember iforgotmypassword illbeback ilovemyfamily ilovemyhusband ilovemymom
    ilovemywife iloveyouforever iloveyousomuch iloveyouverymuch imagineallthepeople
    imthekingoftheworld ineedapassword ingodwetrust inthebeginning itsasecret itwasthebestoftimes
    jesuschrist jesuschristsuperstar jesusismylord jesuslovesme justdoit keepcalmandcarryon
    knockknock lavieestbelle leavemealone lettherebelight letmeinplease lifeisbeautiful lifeisgood
    linkinpark liveandletdie liverpoolfc livelaughlove loremipsum loremipsumdolorsitamet
    manchesterunited mamamia maryhadalittlelamb maryjane maythefourthbewithyou
    maytheforcebewithyou mynameis mypassword mypasswordis mysecretpassword myverysecurepassword
    neveragain nevergonnagiveyouup neverlandranch nopassword nopainnogain notmypassword
    onceuponatime oneringtorulethemall oneforallandallforone onetwothreefour
    onetwothreefourfive openthedoor pneumonoultramicroscopicsilicovolcanoconiosis
    princessleia purplemonkeydishwasher raindropsonroses redhotchilipeppers rememberme
    rosesareredvioletsareblue securepassword slavaukraini somewhereovertherainbow starwarsfan
    strongpassword supercalifragilisticexpialidocious superman superstrongpassword
    sweethomealabama thanksforallthefish thankyouverymuch thecakeisalie thecatinthehat
    thefastandthefurious thegreatescape thelordismyshepherd thelordoftherings
    thequickbrownfox thequickbrownfoxjumpsoverthelazydog jumpsoverthelazydog thisisapassword
    thisismypassword thisisasecret thisisnotapassword thisissparta threeblindmice
    tobeornottobe tobeornottobethatisthequestion trustnoone twinkletwinklelittlestar
    unbreakable unbreakablepassword verysecret verysecretpassword verystrongpassword
    verysecurepassword weakpassword welcomehome wethepeople whatisthepassword whatsmypassword
    whatthefuck whoisyourdaddy winniethepooh wherearethedragons winteriscoming withgreatpower
    writtenonthewall yesterdayallmytroubles youcantseeme youshallnotpass yourpasswordhere
    notsecure supersecret topsecret changemenow changemeplease pleasechangeme temporarypassword
    defaultpassword adminpassword rootpassword userpassword testpassword newpassword
    """.split()  # noqa: SIM905 - hundreds of words read better without quotes
)

WALKS: Final[tuple[str, ...]] = (
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "acegikmoqsuwy",
    "bdfhjlnprtvxz",
    "01234567890123456789",
    "1357913579",
    "0246802468",
    "qwertyuiop[]\\",
    "qwertzuiopü",
    "azertyuiop",
    "asdfghjkl;'",
    "asdfghjklöä",
    "qsdfghjklm",
    "zxcvbnm,./",
    "yxcvbnm,.-",
    "wxcvbn,;:!",
    "1234567890-=",
    "!@#$%^&*()_+",
    '!"§$%&/()=?',
    '!"£$%^&*()_+',
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1qazxsw23edcvfr45tgbnhy67ujm,ki8",
    "zaq12wsxcde34rfvbgt56yhnmju7",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "qweasdzxc",
    "qweasdzxcrtyfghvbn",
    "qawsedrftgyhujikolp",
    "aqwzsxedcrfvtgb",
    "147258369",
    "159357",
    "741852963",
    "789456123",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "onetwothreefourfivesixseveneightnineten",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik,(ol.)p;/",
    "!qaz1qaz@wsx2wsx#edc3edc$rfv4rfv",
    "3141592653589793238462643383279502884197",
    "2718281828459045235360287471352662497757",
    "1618033988749894848204586834365638117720",
    "112358132134558914423337761098715972584",
)
