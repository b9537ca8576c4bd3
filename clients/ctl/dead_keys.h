// SPDX-License-Identifier: MIT
// What dead keys make of the letters behind them.

#pragma once

#include <xkbcommon/xkbcommon-keysyms.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace minikvm {

/// One dead key.
struct DeadKey {
    std::uint32_t keysym = 0;
    std::u32string_view made;  // pairs: a letter, and what it becomes
    char32_t with_space = 0;   // the accent alone, from a space behind it, on Linux and Windows
    char32_t alone = 0;        // the accent alone where the two differ: Linux makes it of the dead
                               // key twice, Windows of a space behind it
};

/// Source:  libX11's en_US.UTF-8 Compose file, which also follows from the letters' canonical
///          decomposition in Unicode.
inline constexpr std::array kDeadKeys = {
    DeadKey{XKB_KEY_dead_grave, U"aàeèiìoòuùnǹAÀEÈIÌOÒUÙNǸ", U'`', 0},
    DeadKey{XKB_KEY_dead_acute, U"aáeéiíoóuúyýcćlĺnńrŕsśzźAÁEÉIÍOÓUÚYÝCĆLĹNŃRŔSŚZŹ", 0, U'´'},
    DeadKey{XKB_KEY_dead_circumflex, U"aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷAÂEÊIÎOÔUÛCĈGĜHĤJĴSŜWŴYŶ", U'^', 0},
    DeadKey{XKB_KEY_dead_tilde, U"aãnñoõiĩuũAÃNÑOÕIĨUŨ", U'~', 0},
    DeadKey{XKB_KEY_dead_diaeresis, U"aäeëiïoöuüyÿAÄEËIÏOÖUÜYŸ", 0, U'¨'},
    DeadKey{XKB_KEY_dead_abovering, U"aåuůAÅUŮ", 0, 0},
    DeadKey{XKB_KEY_dead_caron, U"cčdďeěnňrřsštťzžCČDĎEĚNŇRŘSŠTŤZŽ", 0, 0},
    DeadKey{XKB_KEY_dead_cedilla, U"cçsştţCÇSŞTŢ", 0, 0},
};

}  // namespace minikvm
