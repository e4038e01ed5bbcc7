"""A desk over a real vault, real forms, and what is done at it with the stories that fill them."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from forms import farms
from xincai.desk import Desk, Filling, RecordCard
from xincai.shelf import Shelf
from xincai.vault import Device, KdfParams, Vault
from xincai.wire.suites import SM2_SM3, PrivateKey

PASSPHRASE = "horse battery 42 staple"
STORY = {**farms.farm_story(), "ent_basic": farms.firm_story()["ent_basic"]}


def picture(kind: str = "photo", seed: int = 0) -> bytes:
    out = io.BytesIO()
    if kind == "photo":
        Image.linear_gradient("L").resize((320, 240)).convert("RGB").rotate(seed).save(out, "JPEG")
        return out.getvalue()
    paper = Image.new("RGBA", (300, 120), (255, 255, 255, 255))
    if kind == "signature":
        ImageDraw.Draw(paper).line([(10, 90), (150, 20), (280, 100)], fill=(0, 0, 0, 255), width=4)
    paper.save(out, "PNG")
    return out.getvalue()


@dataclass
class Office:
    """A desk, and what is done at it."""

    desk: Desk
    code: str
    shelf: Shelf

    @property
    def vault(self) -> Vault:
        return self.desk._vault

    def fill(self, form_id: str) -> Filling:
        """A finished filling, saved."""
        filling = self.desk.start(form_id)
        farms.play(STORY[form_id], filling, lambda step: self.attach(filling, step))
        filling.snapshot().save()
        return filling

    def attach(self, filling: Filling, step: farms.Attach) -> str:
        return filling.attach(step.ref, picture(step.kind), "image/jpeg")

    def seal(self, form_id: str = "commitment") -> RecordCard:
        return self.desk.seal(self.fill(form_id))

    def enrol(self, recipient: str = "gw", *, practice: bool = True) -> None:
        """At a gateway that nobody speaks to."""
        key = PrivateKey.generate(SM2_SM3).dump()
        url = "http://127.0.0.1:9"
        self.vault.save_device(
            Device("device-1", "410499101", SM2_SM3, key, url, "t" * 20, (), recipient, practice)
        )

    def again(self) -> Desk:
        """Close the program, and open it anew before the door."""
        self.desk.close()
        self.desk = Desk(self.desk.folder, shelf=self.shelf, kdf=KdfParams.for_tests())
        return self.desk
