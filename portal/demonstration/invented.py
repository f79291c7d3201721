"""Names and words of the demonstration year: all invented, none from any report."""

from __future__ import annotations

from random import Random

_FORENAMES = """
    Abel Adaeze Aisling Alfie Amelie Anand Arlo Asha Bartek Beatrix Bilal Bronwen Caleb Carys Chidi Clara Damilola
    Daria Elodie Emre Esme Fabian Farah Finlay Gabriela Gethin Habiba Harvey Hollie Ibrahim Imogen Isaac Ivy Jasmin
    Jude Kacper Keira Khalid Lacey Lewin Lila Mabel Malik Marta Mylo Nadine Naseem Niamh Noah Olive Oscar Petra Quinn
    Rafael Rhea Rowena Saffron Sebastian Shanice Soren Tabitha Tariq Theo Tilda Umar Violet Wanda Xavier Yusuf Zofia
"""
_SURNAMES = """
    Abernathy Adewale Ainscough Bagshaw Birtwistle Blakeway Bracegirdle Cattermole Chaudhuri Clutterbuck Cragg
    Dalglish Dewhirst Drabble Eckersley Entwistle Fairclough Fothergill Garside Gorecki Greenhalgh Gwilym Hargreave
    Haslam Heptonstall Higginbotham Ijaz Inskip Jablonski Kettlewell Kinvig Larkspur Lathom Lomax Mazur Midgley
    Mukherjee Naylor Nwosu Oakenfull Ollerenshaw Pendlebury Penhaligon Pilkington Quarmby Rambukwella Ramsbottom
    Rigby Satterthwaite Shufflebottom Sikorski Skelhorn Tattersall Thistlewood Threlfall Tunstall Ullathorne
    Unsworth Verity Wainscott Whalley Wigglesworth Yarwood Yilmaz Zielinski
"""

# Who worked with them that year, and has left since.
HOME_WORKERS = ("Bridget Fallon", "Denise Crabtree", "Farid Haddad", "Joanne Sykes", "Kwame Antwi", "Lorna Peel",
                "Martin Shaw", "Sunita Bhatt")  # fmt: skip
CARE_WORKERS = ("Callum Reddy", "Ffion Hughes", "Natasha Brandt", "Victor Eze")
DUTY_WORKERS = ("Angela Thorpe", "Robert Mistry")
PLACED_BY = (
    "Bolton",
    "Cheshire East",
    "Kirklees",
    "Lancashire",
    "Salford",
    "Stockport",
    "Tameside",
    "Trafford",
)

CHIPS = ("home", "space", "friends", "school", "see-someone", "relationship", "online", "money", "pushed-out")
GOING_ON = (
    "", "", "", "it was too loud to sleep", "nobody asked me, they just moved my stuff",
    "i had a row about my phone", "my cousin was in town", "wanted to be by the canal, its quiet",
    "school rang home again", "they treat me like im six", "it was my dads birthday", "i just needed a walk",
)  # fmt: skip
# What would help, and what came of it.
HELP = (
    ("somebody to drive me to football", "You asked for a lift to football. Your aunt takes you on Thursdays now."),
    ("a lock for my room", "You asked for a lock. It is on your door since Tuesday, and you have the key."),
    ("a charger that works", "You asked for a charger. It is in your bag, and there is a second one at school."),
    ("less shouting", "You said there was shouting. Your mum and your uncle talked with us about it, and so will you."),
    ("see my sister more", "You asked to see your sister. It is every other Saturday, from two until six."),
    ("a bus pass so i dont have to ask", "You asked for a bus pass. It comes to your school by the end of the week."),
    ("that they ask me before they ring everybody", "You said to ask you first. It is in the plan now: you are rung first."),
    ("a later time to be in on fridays", "You asked for a later time. It is ten on Fridays, and we look again in a month."),
    ("to be left alone when i come back", "You said you want quiet when you are back. The plan says: food first, talk tomorrow."),
    ("music lessons again", "You asked for music lessons. There is a place on Mondays, and nobody has to pay."),
    ("new people to hang out with", "You asked for other people. There is a climbing group, and Sam from it rings you if you like."),
    ("nothing really", "You said nothing would help. We wanted you to know that we read it, and that you can say more."),
)  # fmt: skip
NOT_SAFE = "Whoever looks at the phone would see it. It is kept for when they can be met alone."
TELL_HOW = ("here", "in person", "call", "trusted", "ask")
FACES = ("good", "ok", "between", "not-great", "unsure")
AS_SEEN = ("yes", "just-out", "someone-knew", "not-away", "else")
MISSING_FROM = {
    "home": "Home",
    "our child": "Where they are placed",
    "other authority": "Where they are placed",
}


def names(how_many: int, rng: Random) -> list[str]:
    """So many whole names, no two alike."""
    every = [f"{forename} {surname}" for surname in _SURNAMES.split() for forename in _FORENAMES.split()]
    return rng.sample(every, how_many)
