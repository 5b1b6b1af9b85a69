#pragma once
// The embedded list of common passwords; private to this module. Written by hand for this project: what people are
// known to choose that no dictionary of single words and no keyboard walk tells. Lower case, without spaces, and long
// enough not to stand in other words by chance. A phrase that holds another comes first.

#include <array>
#include <string_view>

namespace cardea::password {

inline constexpr auto well_known = std::to_array<std::string_view>(
    {// about passwords themselves
     "correcthorsebatterystaple", "correctbatteryhorsestaple", "horsebatterystaple", "troubador", "thisismypassword",
     "iforgotmypassword", "thisisapassword", "thisisnotmypassword", "thisisasecret", "passwordispassword",
     "mypasswordis", "yourpasswordis", "thepasswordis", "mypassword", "yourpassword", "nopassword", "newpassword",
     "oldpassword", "passphrase", "passcode", "kennwort", "meinpasswort", "geheimespasswort", "motdepasse",
     "contraseña", "contrasena", "palavrapasse", "minhasenha", "parolachiave", "lamiapassword", "wachtwoord",
     "lösenord", "losenord", "adgangskode", "passord", "mojehaslo", "mojehasło", "мойпароль", "пароль", "我的密码",
     "パスワード", "비밀번호", "كلمةالسر", "كلمةالمرور", "סיסמה", "κωδικός", "şifrem", "changemenow", "changethis",
     "pleasechange", "changeme", "defaultpassword", "temporarypassword", "temppassword", "verysecret", "topsecret",
     "supersecret", "secretpassword", "cannotremember", "icantremember", "iforgotit", "donotforget", "dontforget",
     "letmeinplease", "pleaseletmein", "letmein", "letmepass", "opensesame", "openplease", "openthedoor", "trustnoone",
     "nobodyknows", "whatisthis", "whoareyou", "idontcare", "administrateur", "administrador", "superadmin", "sysadmin",
     "adminpassword", "testpassword", "qwertzuiop", "azertyuiop", "qsdfghjklm", "adgjmptw", "йцукен",
     // love and family
     "iloveyousomuch", "iloveyouforever", "iloveyoubaby", "iloveyoutoo", "iloveyoumore", "iloveyou", "ilovemyself",
     "ilovemyfamily", "ilovemywife", "ilovemyhusband", "ilovemykids", "ilovemydog", "ilovemycat", "ilovemymom",
     "ilovemymum", "ilovemydad", "ilovemylife", "ilovemybaby", "ilovemyson", "ilovemydaughter", "ilovejesus",
     "ilovegod", "ilovemusic", "ilovefootball", "ilovechocolate", "ilovepizza", "ilovemoney", "imissyou", "ineedyou",
     "iwantyou", "ihateyou", "kissme", "marryme", "loveislove", "loveyou", "lovemelikeyoudo", "trueloveforever",
     "loveforever", "foreverandever", "foreveryoung", "foreverlove", "alwaysandforever", "bestfriends", "bestfriend",
     "friendsforever", "mylove", "mylife", "myfamily", "familyfirst", "familyforever", "mommyanddaddy", "mynameis",
     "myselfandi", "jetaime", "monamour", "moncoeur", "ichliebedich", "schatzi", "mausebär", "teamomucho",
     "tequieromucho", "tequiero", "miamor", "amormio", "amoremio", "euteamo", "ikhouvanjou", "jagälskardig",
     "kochamcie", "kochamcię", "ятебялюблю", "ялюблютебя", "любовьмоя", "любимая", "любимый", "солнышко", "我爱你",
     "愛してる", "사랑해", "احبك", "seniseviyorum",
     // belief
     "jesuschrist", "jesuslovesme", "jesusislord", "jesussaves", "jesusisking", "godisgoodallthetime", "godisgood",
     "godislove", "godisgreat", "godfirst", "godbless", "blessedbegod", "thankyoulord", "thankyoujesus",
     "thelordismyshepherd", "ourfatherwhoartinheaven", "inthebeginning", "letherebelight", "lettherebelight",
     "hailmary", "alhamdulillah", "bismillah", "allahuakbar", "inshallah", "mashallah", "jaimatadi", "omnamahshivaya",
     "harekrishna", "jaishreeram",
     // from books, plays, songs and films
     "tobeornottobethatisthequestion", "tobeornottobe", "thequickbrownfoxjumpsoverthelazydog", "thequickbrownfox",
     "jumpsoverthelazydog", "loremipsumdolorsitamet", "loremipsum", "maytheforcebewithyou", "iamyourfather",
     "theforceawakens", "darthvader", "starwars", "startrek", "livelongandprosper", "beammeupscotty",
     "resistanceisfutile", "youshallnotpass", "onetorulethemall", "lordoftherings", "mypreciousss", "myprecious",
     "frodobaggins", "winteriscoming", "valarmorghulis", "gameofthrones", "youknownothing", "harrypotter",
     "hermionegranger", "expectopatronum", "avadakedavra", "alohomora", "illbeback", "hastalavista", "iseedeadpeople",
     "heresjohnny", "openthepodbaydoors", "elementarymydearwatson", "sherlockholmes", "tobecontinued", "onceuponatime",
     "happilyeverafter", "callmeishmael", "itwasthebestoftimes", "bigbrotheriswatching", "dontpanic",
     "somewhereovertherainbow", "nevergonnagiveyouup", "nevergiveup", "nevergonna", "bohemianrhapsody",
     "stairwaytoheaven", "hotelcalifornia", "smellsliketeenspirit", "highwaytohell", "nothingelsematters",
     "wishyouwerehere", "imaginedragons", "yellowsubmarine", "heyjude", "letitbe", "letitgo", "dontworrybehappy",
     "hakunamatata", "supercalifragilisticexpialidocious", "antidisestablishmentarianism", "carpediem", "cogitoergosum",
     "venividivici", "hocuspocus", "donaudampfschifffahrtsgesellschaft", "donaudampfschifffahrt",
     "rindfleischetikettierung", "liberteegalitefraternite", "hastalavictoria", "allyourbasearebelongtous",
     "thecakeisalie", "winniethepooh", "mickeymouse", "donaldduck", "minniemouse", "hellokitty", "tweetybird",
     "dragonball", "sailormoon", "captainamerica", "wonderwoman", "teletubbies", "peppapig",
     // musicians
     "michaeljackson", "mychemicalromance", "avengedsevenfold", "linkinpark", "gunsnroses", "ledzeppelin", "ironmaiden",
     "thebeatles", "rollingstones", "onedirection", "justinbieber", "taylorswift", "selenagomez", "arianagrande",
     "ladygaga", "jonasbrothers", "backstreetboys", "bobmarley", "elvispresley", "johnlennon", "tupacshakur",
     "fiftycent", "blackpink", "tokiohotel", "rammstein", "falloutboy", "redhotchilipeppers", "systemofadown",
     // games and makers
     "worldofwarcraft", "leagueoflegends", "callofduty", "counterstrike", "grandtheftauto", "assassinscreed",
     "minecraft", "fortnite", "finalfantasy", "supermario", "legendofzelda", "runescape", "instagram", "linkedin",
     "mercedesbenz", "harleydavidson", "mcdonalds",
     // teams
     "manchesterunited", "manchestercity", "liverpoolfootballclub", "liverpoolfc", "youllneverwalkalone", "chelseafc",
     "arsenalfc", "tottenhamhotspur", "evertonfc", "newcastleunited", "astonvilla", "leedsunited", "westhamunited",
     "glasgowrangers", "celticfc", "realmadrid", "halamadrid", "fcbarcelona", "viscabarca", "atleticomadrid", "acmilan",
     "intermilan", "forzamilan", "forzainter", "forzaroma", "asroma", "bayernmünchen", "bayernmunchen",
     "bayernmuenchen", "borussiadortmund", "schalke04", "werderbremen", "hamburgersv", "eintrachtfrankfurt",
     "parissaintgermain", "allezlesbleus", "olympiquemarseille", "ajaxamsterdam", "bocajuniors", "riverplate",
     "palmeiras", "spartakmoscow", "спартакмосква", "newyorkyankees", "bostonredsox", "dallascowboys", "chicagobulls",
     "chicagobears", "chicagocubs", "losangeleslakers", "pittsburghsteelers", "greenbaypackers", "philadelphiaeagles",
     "goldenstatewarriors", "cristianoronaldo", "ronaldo", "lionelmessi", "michaeljordan", "kobebryant", "lebronjames",
     // places, days and seasons
     "unitedstatesofamerica", "unitedstates", "unitedkingdom", "newyorkcity", "losangeles", "sanfrancisco", "lasvegas",
     "neworleans", "vivelafrance", "vivaespaña", "vivaespana", "vivaitalia", "vivamexico", "onceinalifetime",
     "mondaytuesday", "januaryfebruary", "happybirthday", "happynewyear", "merrychristmas", "springsummer",
     "summertime", "wintertime", "goodmorning", "helloworld", "onetwothreefourfive", "onetwothree", "unodostres",
     "einszweidrei", "undeuxtrois", "раздватри"});

}  // namespace cardea::password
