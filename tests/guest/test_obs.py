# SPDX-License-Identifier: MIT
"""The target's screen in OBS Studio, and OBS's own virtual camera beside the stick's."""

import json

from application_case import REACH_S, SEEN, SIZE, WindowCase
from testbed.guest import Running

_RATE_HZ = 4  # of what OBS draws; the camera's own would take all that an emulated processor can give
_FOLDER = "/home/viewer/.config/obs-studio"
# As if the first start with its questions were over.
_GLOBAL = """\
[General]
FirstRun=true
EnableAutoUpdates=false

[Basic]
Profile=Stick
ProfileDir=Stick
SceneCollection=Stick
SceneCollectionFile=Stick
"""
_PROFILE = f"""\
[General]
Name=Stick

[Video]
BaseCX={SIZE[0]}
BaseCY={SIZE[1]}
OutputCX={SIZE[0]}
OutputCY={SIZE[1]}
FPSType=1
FPSInt={_RATE_HZ}
"""


def scenes(device: str) -> str:
    """One scene with nothing but a video capture device in it."""
    camera = {"id": "v4l2_input", "name": "Mini-KVM", "settings": {"device_id": device}}
    item = {"id": 1, "name": "Mini-KVM", "visible": True, "align": 5,
            "pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0}}
    scene = {"id": "scene", "name": "Scene", "settings": {"id_counter": 1, "items": [item]}}
    return json.dumps({"name": "Stick", "current_scene": "Scene", "current_program_scene": "Scene",
                       "scene_order": [{"name": "Scene"}], "sources": [camera, scene]})


class ObsCase(WindowCase):
    """Its source has the device as OBS keeps it when somebody chooses it in a list."""

    def setUp(self) -> None:
        super().setUp()
        node = self.guest.out(f"readlink -f {self.camera}")
        self.guest.await_camera(node)
        # OBS 30 keeps a name that stays, where there is one.
        name = self.guest.out(f"find /dev/v4l/by-id -lname '*/{node.removeprefix('/dev/')}'") or node
        self.guest.run(f"install -d {_FOLDER}/basic/profiles/Stick {_FOLDER}/basic/scenes")
        self.guest.put(f"{_FOLDER}/global.ini", _GLOBAL.encode())
        self.guest.put(f"{_FOLDER}/basic/profiles/Stick/basic.ini", _PROFILE.encode())
        self.guest.put(f"{_FOLDER}/basic/scenes/Stick.json", scenes(name).encode())
        self.guest.run("chown -R viewer: /home/viewer && usermod -aG video viewer")

    def start_obs(self, options: str = "") -> Running:
        return self.start(f"obs {options}")


class Window(ObsCase):
    def test_of_obs_shows_the_targets_screen(self) -> None:
        self.start_obs()

        self.await_window()
        self.keep("obs.png")


class VirtualCamera(ObsCase):
    """OBS tries all nodes from the lowest number on; from 0.13 on the stick's come before its own."""

    def test_of_obs_is_a_node_of_its_own_and_shows_the_targets_screen(self) -> None:
        own = self.spare_node("OBS Virtual Camera")

        obs = self.start_obs("--startvirtualcam")

        obs.wait_for_output("Virtual camera started", REACH_S)
        take = f"timeout 30 ffmpeg -loglevel error -f v4l2 -i {own} -frames:v 1 -y {SEEN}"
        self.await_screen(self.as_viewer(take), SEEN)
        self.assertNotIn(own, self.guest.out("minikvmctl get video/cameras").split())
