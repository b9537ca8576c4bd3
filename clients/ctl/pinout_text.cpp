// SPDX-License-Identifier: MIT
// The extension pins in English, Romanian, German and French.

#include "clients/ctl/pinout_text.h"

#include <algorithm>

namespace minikvm {
namespace {

constexpr std::array<PinoutText, kPinoutLanguages.size()> kTexts = {{
    {
        .language = "en",
        .title = "Extension pins of the Mini-KVM 1.9, inside the case, 2.54 mm apart",
        .power = "power, while either computer feeds the stick",
        .host_pair = "USB of this computer, port 4 of the stick's hub",
        .target_pair = "USB of the target",
        .ground = "ground",
        .now = "Plugged in now",
        .host_pins = "pins 2 and 3",
        .target_pins = "pins 4 and 5",
        .usb_a = "USB-A port",
        .nothing = "nothing",
        .unknown = "unknown",
        .invisible = "the target's, cannot be seen from here",
        .no_stick = "no Mini-KVM is plugged in",
        .no_pins = "no pins are known of this model",
        .switching =
            "The USB-A port is all that switches: minikvmctl usb host, or target. Pins 2 and 3 "
            "are always this computer's. Pins 4 and 5 are always the target's, and what is "
            "plugged there cannot be seen from here.",
        .damage =
            "DANGER: pin 1 carries 5 V. Mixing up 5 V and ground can badly damage the stick and "
            "everything that is connected. Check each wire before you give it power, and put 5 V "
            "on none of the other pins.",
        .warranty =
            "Taking the case off may void the warranty. Whoever does it does so at their own risk.",
        .experimental =
            "What is made with these pins is experimental and not fully tested. The maker is not "
            "liable for damage, injury or malfunction that comes of it.",
        .models = "Version 1.6 of the Mini-KVM has no such pins. Of other models it is not known.",
        .page = "More about it: extension-pins.md",
    },
    {
        .language = "ro",
        .title = "Pinii de extensie ai Mini-KVM 1.9, în interiorul carcasei, la 2,54 mm",
        .power = "alimentare, cât timp unul dintre calculatoare alimentează stickul",
        .host_pair = "USB-ul acestui calculator, portul 4 al hubului din stick",
        .target_pair = "USB-ul țintei",
        .ground = "masă",
        .now = "Conectat acum",
        .host_pins = "pinii 2 și 3",
        .target_pins = "pinii 4 și 5",
        .usb_a = "portul USB-A",
        .nothing = "nimic",
        .unknown = "necunoscut",
        .invisible = "al țintei, nu se vede de aici",
        .no_stick = "nu este conectat niciun Mini-KVM",
        .no_pins = "despre acest model nu se cunosc pini",
        .switching =
            "Se comută numai portul USB-A: minikvmctl usb host (gazdă) sau target (țintă). Pinii 2 "
            "și 3 aparțin întotdeauna acestui calculator. Pinii 4 și 5 aparțin întotdeauna țintei, "
            "iar ce este conectat acolo nu se vede de aici.",
        .damage =
            "PERICOL: pinul 1 are 5 V. Inversarea celor 5 V cu masa poate deteriora grav stickul "
            "și tot ce este conectat. Verificați fiecare fir înainte de alimentare și nu aplicați "
            "5 V pe niciunul dintre ceilalți pini.",
        .warranty = "Îndepărtarea carcasei poate anula garanția. Oricine o face își asumă riscul.",
        .experimental =
            "Ceea ce se construiește cu acești pini este experimental și nu a fost testat complet. "
            "Producătorul nu răspunde pentru daune, vătămări sau defecțiuni care rezultă de aici.",
        .models = "Versiunea 1.6 a Mini-KVM nu are acești pini. Despre alte modele nu se știe.",
        .page = "Mai multe: extension-pins.ro.md",
    },
    {
        .language = "de",
        .title = "Erweiterungs-Pins des Mini-KVM 1.9, im Gehäuse, Abstand 2,54 mm",
        .power = "Strom, solange einer der beiden Rechner den Stick versorgt",
        .host_pair = "USB dieses Rechners, Anschluss 4 am Hub des Sticks",
        .target_pair = "USB des Zielrechners",
        .ground = "Masse",
        .now = "Zurzeit angeschlossen",
        .host_pins = "Pins 2 und 3",
        .target_pins = "Pins 4 und 5",
        .usb_a = "USB-A-Buchse",
        .nothing = "nichts",
        .unknown = "unbekannt",
        .invisible = "gehört dem Zielrechner, von hier aus nicht zu sehen",
        .no_stick = "kein Mini-KVM ist angeschlossen",
        .no_pins = "bei diesem Modell sind keine Pins bekannt",
        .switching =
            "Umgeschaltet wird nur die USB-A-Buchse: minikvmctl usb host (dieser Rechner) oder "
            "target (Zielrechner). Die Pins 2 und 3 gehören immer diesem Rechner. Die Pins 4 und 5 "
            "gehören immer dem Zielrechner; was dort angeschlossen ist, ist von hier aus nicht zu "
            "sehen.",
        .damage =
            "GEFAHR: An Pin 1 liegen 5 V. Wer 5 V und Masse vertauscht, kann den Stick und alles "
            "Angeschlossene schwer beschädigen. Jede Leitung vor dem Einschalten prüfen, und an "
            "keinen der anderen Pins 5 V legen.",
        .warranty =
            "Wer das Gehäuse öffnet, kann die Garantie verlieren und handelt auf eigenes Risiko.",
        .experimental =
            "Was mit diesen Pins gebaut wird, ist experimentell und nicht vollständig getestet. "
            "Der Hersteller haftet nicht für Schäden, Verletzungen oder Fehlfunktionen, die daraus "
            "entstehen.",
        .models = "Version 1.6 des Mini-KVM hat diese Pins nicht. Von anderen Modellen ist nichts "
                  "bekannt.",
        .page = "Mehr dazu: extension-pins.de.md",
    },
    {
        .language = "fr",
        .title = "Broches d'extension du Mini-KVM 1.9, dans le boîtier, au pas de 2,54 mm",
        .power = "alimentation, tant qu'un des deux ordinateurs alimente la clé",
        .host_pair = "USB de cet ordinateur, port 4 du hub de la clé",
        .target_pair = "USB de la cible",
        .ground = "masse",
        .now = "Branché maintenant",
        .host_pins = "broches 2 et 3",
        .target_pins = "broches 4 et 5",
        .usb_a = "port USB-A",
        .nothing = "rien",
        .unknown = "inconnu",
        .invisible = "à la cible, invisible d'ici",
        .no_stick = "aucun Mini-KVM n'est branché",
        .no_pins = "aucune broche connue sur ce modèle",
        .switching =
            "Seul le port USB-A se commute : minikvmctl usb host (hôte) ou target (cible). Les "
            "broches 2 et 3 sont toujours à cet ordinateur. Les broches 4 et 5 sont toujours à la "
            "cible, et ce qui y est branché ne se voit pas d'ici.",
        .damage =
            "DANGER : la broche 1 porte 5 V. Confondre le 5 V et la masse peut gravement "
            "endommager la clé et tout ce qui y est relié. Vérifiez chaque fil avant de mettre "
            "sous tension, et n'appliquez 5 V à aucune autre broche.",
        .warranty =
            "Retirer le boîtier peut annuler la garantie ; qui le fait le fait à ses risques.",
        .experimental =
            "Ce que l'on réalise avec ces broches est expérimental et n'a pas été entièrement "
            "testé. Le fabricant ne répond pas des dommages, blessures ou dysfonctionnements qui "
            "en résultent.",
        .models = "La version 1.6 du Mini-KVM n'a pas ces broches. Pour d'autres modèles, on ne "
                  "sait pas.",
        .page = "Pour en savoir plus : extension-pins.fr.md",
    },
}};

}  // namespace

const PinoutText& pinout_text(std::string_view language) {
    const auto* const found = std::ranges::find(kTexts, language, &PinoutText::language);
    return found == kTexts.end() ? kTexts.front() : *found;
}

std::string_view pinout_language_of(std::string_view locale) {
    return pinout_text(locale.substr(0, locale.find_first_of("_.@"))).language;
}

}  // namespace minikvm
