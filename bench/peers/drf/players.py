"""Model, serializer, view and route of a player."""

import hmac
import os
import time
from typing import Any, ClassVar

from django.db import models
from django.urls import path
from rest_framework.generics import RetrieveAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.serializers import ModelSerializer

_KEY = os.environ["BENCH_API_KEY"].encode()


class Player(models.Model):
    """A row of the plain version's table."""

    killer_bi_id = models.CharField(max_length=128, primary_key=True)
    nick = models.TextField(null=True)  # noqa: DJ001 - null is what the contract says
    big_payload = models.JSONField()
    synced_at = models.TextField()
    expires_at = models.FloatField()

    class Meta:
        app_label = "bench"
        db_table = "players"
        managed = False

    def __str__(self) -> str:
        return str(self.killer_bi_id)


class HasKey(BasePermission):
    """Lets the one key pass."""

    def has_permission(self, request: Request, _view: object) -> bool:
        return hmac.compare_digest(request.headers.get("X-API-Key", "").encode(), _KEY)


class PlayerSerializer(ModelSerializer):
    """The four members of the answer."""

    class Meta:
        model = Player
        fields: ClassVar = ["killer_bi_id", "nick", "big_payload", "synced_at"]


class PlayerView(RetrieveAPIView):
    """One fresh player."""

    permission_classes: ClassVar = [HasKey]
    serializer_class = PlayerSerializer

    def get_queryset(self) -> Any:  # noqa: ANN401 - Django's query sets have no types here
        return Player.objects.filter(expires_at__gt=time.time())


urlpatterns = [path("api/v1/players/<str:pk>", PlayerView.as_view())]
