"""Discourse's names of the commonest emoji; the others keep their name between colons."""

TABLE = """
+1 👍 -1 👎 100 💯 angry 😠 astonished 😲 beer 🍺 beers 🍻 blue_heart 💙 blush 😊 books 📚 boom 💥
bowing_man 🙇‍♂️ bug 🐛 bulb 💡 clap 👏 coffee ☕ cold_sweat 😰 confetti_ball 🎊 confounded 😖 confused 😕
crazy_face 🤪 crossed_fingers 🤞 cry 😢 disappointed 😞 disappointed_relieved 😥 email 📧 exclamation ❗
expressionless 😑 eyes 👀 face_with_monocle 🧐 face_with_raised_eyebrow 🤨 fearful 😨 fire 🔥 fish 🐟
flushed 😳 frowning 😦 frowning_face ☹️ gift 🎁 grimacing 😬 grin 😁 grinning 😀 handshake 🤝 heart ❤️
heart_eyes 😍 heartbeat 💓 hugs 🤗 hushed 😯 imp 👿 information_source ℹ️ innocent 😇 joy 😂 kissing 😗
kissing_heart 😘 laughing 😆 mage 🧙 man_facepalming 🤦‍♂️ man_shrugging 🤷‍♂️ mask 😷 memo 📝 metal 🤘
musical_note 🎵 musical_score 🎼 muscle 💪 nerd 🤓 nerd_face 🤓 neutral_face 😐 no_mouth 😶 notes 🎶
ok_hand 👌 open_mouth 😮 partying_face 🥳 penguin 🐧 pensive 😔 persevere 😣 point_down 👇 point_right 👉
point_up ☝️ pray 🙏 question ❓ rage 😡 raised_hands 🙌 relaxed ☺️ relieved 😌 rocket 🚀 rofl 🤣
roll_eyes 🙄 scream 😱 scroll 📜 see_no_evil 🙈 shrug 🤷 sleeping 😴 sleepy 😪 slight_frown 🙁
slight_smile 🙂 slightly_frowning_face 🙁 slightly_smiling_face 🙂 smile 😄 smiley 😃 smirk 😏
smiling_imp 😈 snail 🐌 sob 😭 space_invader 👾 sparkles ✨ star ⭐ star_struck 🤩 stuck_out_tongue 😛
stuck_out_tongue_closed_eyes 😝 stuck_out_tongue_winking_eye 😜 sunflower 🌻 sunglasses 😎 sweat 😓
sweat_drops 💦 sweat_smile 😅 tada 🎉 test_tube 🧪 thinking 🤔 thumbsdown 👎 thumbsup 👍 tired_face 😫
triumph 😤 trophy 🏆 tropical_fish 🐠 unamused 😒 upside_down_face 🙃 v ✌️ warning ⚠️ wave 👋
weary 😩 white_check_mark ✅ wink 😉 woman_facepalming 🤦‍♀️ woman_shrugging 🤷‍♀️ woozy_face 🥴
worried 😟 x ❌ yum 😋 zap ⚡ zipper_mouth_face 🤐 zombie 🧟 zzz 💤
"""
NAMES, SIGNS = TABLE.split()[::2], TABLE.split()[1::2]
EMOJI = dict(zip(NAMES, SIGNS, strict=True))


def emoji(label: str) -> str:
    """The sign of `:wink:` or `wink`; the label itself, between colons, when it is another one.

    >>> emoji(":wink:"), emoji("custom_logo")
    ('😉', ':custom_logo:')
    """
    name = label.strip().strip(":")
    return EMOJI.get(name) or (f":{name}:" if name else "")
